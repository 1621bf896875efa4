import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import {
  type ChosenDocument,
  type DecisionRow,
  type Numbers,
  settleDecision,
  takeDecision,
} from '#hub/signing-desk/decision-store.ts';
import type { Form } from '#hub/signing-desk/form.ts';
import { isDay } from '#hub/signing-desk/is-day.ts';
import type { BrowserPerson } from '#schemas/commands/sso.ts';
import type { DecisionOutcome } from '#schemas/signing.ts';
import type { Agreement } from '#schemas/signing-trouble.ts';

/** Three hundred files are prepared before the service is asked. */
const timeoutMs = 120_000;

/** What the clerk filled in for each document. */
export const readNumbers = (form: Form, documents: ChosenDocument[]): Numbers =>
  Object.fromEntries(
    documents.flatMap(({ stepId: id }) => {
      const number = form.value(`number-${id}`)?.slice(0, 60);
      const date = form.value(`date-${id}`);
      return number !== undefined && isDay(date) ? [[id, { number, date }]] : [];
    }),
  );

/** Which services the person agreed to have instead of others. */
export const readAgreements = (form: Form): Agreement[] =>
  form.values('agree').flatMap(text => {
    const [instead, to] = text.split(' ');
    return instead && to ? [{ instead, to }] : [];
  });

/**
 * Decides once what was chosen. Whoever sends the form again meanwhile or later decides nothing: the row is taken. When
 * nothing of it could be decided (a wrong PIN) it is open again.
 */
export const decideChosen = async (
  { call, db }: Pick<PartContext, 'call' | 'db'>,
  { person, form, found }: { person: BrowserPerson; form: Form; found: DecisionRow },
): Promise<void> => {
  const decision = form.value('decision') === 'refuse' ? 'refuse' : 'approve';
  const taken = await takeDecision(db, found.id, person.staffId, decision);
  if (taken === undefined) return;
  const stepIds = taken.documents.map(({ stepId }) => stepId);
  const given = {
    pin: form.value('pin')?.slice(0, 64),
    otp: form.value('otp')?.slice(0, 64),
    reason: form.value('reason')?.slice(0, 1000),
    factorAt: person.factorAt,
    numbers: readNumbers(form, taken.documents),
    agreements: readAgreements(form),
  };
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  let outcomes: DecisionOutcome[] = [];
  try {
    outcomes = await call(
      'signing.decide',
      { staffId: person.staffId, stepIds, decision, ...fields },
      { timeoutMs },
    );
  } catch (error) {
    const { code, params } = error instanceof AppError ? error : { code: 'internal', params: {} };
    outcomes = stepIds.map(stepId => ({ stepId, ok: false, code, params }));
    if (!(error instanceof AppError)) throw error;
  } finally {
    await settleDecision(db, taken.id, outcomes.some(({ ok }) => ok) ? 'decided' : 'open', outcomes);
  }
};
