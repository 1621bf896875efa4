import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { answerPage, seeOther } from '#hub/signing-desk/answer-page.ts';
import { askedFor } from '#hub/signing-desk/asked-for.ts';
import { decideChosen, readNumbers } from '#hub/signing-desk/decide-chosen.ts';
import {
  beginDecision,
  type DecisionRow,
  findDecision,
  keepNumbers,
} from '#hub/signing-desk/decision-store.ts';
import { isUuid } from '#hub/signing-desk/is-uuid.ts';
import { whyNotWaiting } from '#hub/signing-desk/not-waiting.ts';
import { showDocument } from '#hub/signing-desk/show-document.ts';
import { showOutcomes } from '#hub/signing-desk/show-outcomes.ts';
import { type Pages, proveAgain, type Visit } from '#hub/signing-desk/visit.ts';

const params = Type.Object({ id: Type.String({ format: 'uuid' }) });
const path = '/signing/decisions/{id}';

/** Where a decision is gone on with: at the document when it is of one alone. */
const pageOf = ({ id, documents }: Pick<DecisionRow, 'id' | 'documents'>): string =>
  documents.length === 1
    ? `/signing/documents/${documents[0]!.stepId}?${new URLSearchParams({ decision: id })}`
    : `/signing/decisions/${id}`;

/** `/signing/decisions/{id}`: a decision over what was chosen: asked for, taken once, and told what came of it. */
export const decisionRoutes = ({ call, db }: Pick<PartContext, 'call' | 'db'>, pages: Pages): Route[] => {
  const ask = async ({ person, request: { language }, csrf }: Visit, row: DecisionRow) => {
    const chosen = new Set(row.documents.map(({ stepId }) => stepId));
    const steps = (await call('signing.waiting', { staffId: person.staffId })).filter(({ stepId }) =>
      chosen.has(stepId),
    );
    if (steps.length === 0) throw new AppError('signing-step-not-waiting');
    const outcomes = showOutcomes(row, language);
    return answerPage('many', language, {
      documents: steps.map(step => showDocument(step, language)),
      filled: row.numbers,
      // One thing that is wrong for all is told once.
      problem: outcomes.common,
      failed: outcomes.common === undefined ? outcomes.failed : [],
      asks: askedFor(steps, person.factorAt),
      proveAgain: proveAgain(pageOf(row)),
      action: `/signing/decisions/${row.id}`,
      today: today(),
      csrf,
    });
  };
  const tell = async ({ person, request, csrf }: Visit, row: DecisionRow) => {
    const language: Language = request.language;
    const { done, failed } = showOutcomes(row, language);
    const waiting = await call('signing.waiting', { staffId: person.staffId });
    const [next] = waiting.filter(({ stepId }) => !failed.some(one => one.stepId === stepId));
    return answerPage('outcome', language, {
      title: say(language, `signing-desk.outcome.${row.decision}`),
      decision: row.decision,
      done,
      failed: failed.map(one => ({ ...one, waits: waiting.some(({ stepId }) => stepId === one.stepId) })),
      next: next && { title: next.title, url: `/signing/documents/${next.stepId}` },
      left: waiting.length,
      csrf,
    });
  };
  return [
    pages.show({ path, params, summary: 'A decision, or what came of it' }, async visit => {
      const { person, request } = visit;
      const row = await findDecision(db, request.params.id!, person.staffId);
      if (row === undefined) throw new AppError('not-found');
      if (row.state === 'decided') return tell(visit, row);
      if (row.state === 'deciding') return answerPage('under-way', request.language);
      return row.documents.length === 1 ? seeOther(pageOf(row)) : ask(visit, row);
    }),
    pages.take({ path, params, summary: 'Approves or refuses, once' }, async ({ person, request, form }) => {
      const { staffId } = person;
      const id = request.params.id!;
      const single = form.value('step');
      const waiting = await call('signing.waiting', { staffId });
      const step = waiting.find(({ stepId }) => stepId === single);
      if (step !== undefined) {
        const { stepId, title, app, documentId } = step;
        await beginDecision(db, { id, staffId, documents: [{ stepId, title, app, documentId }] });
      }
      const found = await findDecision(db, id, staffId);
      if (found === undefined) {
        if (single === undefined || !isUuid(single)) throw new AppError('signing-step-not-waiting');
        throw await whyNotWaiting({ call }, { staffId, stepId: single });
      }
      if (found.state === 'open') {
        await keepNumbers(db, id, staffId, readNumbers(form, found.documents));
        const chosen = new Set(found.documents.map(({ stepId }) => stepId));
        const asks = askedFor(
          waiting.filter(({ stepId }) => chosen.has(stepId)),
          person.factorAt,
        );
        if (form.value('decision') !== 'refuse' && asks.proof) return seeOther(proveAgain(pageOf(found)));
        await decideChosen({ call, db }, { person, form, found });
      }
      const after = await findDecision(db, id, staffId);
      return seeOther(after?.state === 'open' ? pageOf(after) : `/signing/decisions/${id}`);
    }),
  ];
};
