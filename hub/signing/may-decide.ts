import type { PartContext } from '#hub/platform/part.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { openDelegationsTo } from '#hub/signing/delegation-store.ts';
import { isOneOf } from '#hub/signing/document-type.ts';
import type { WaitingRow } from '#hub/signing/step-store.ts';
import type { Delegation } from '#schemas/signing.ts';

/** What a person may decide: their own, what was delegated to them, and as a clerk for the organisation that they work for. */
export interface Powers {
  staffId: string | undefined;
  delegations: Delegation[];
  unitIds: string[];
}

export const powersOf = async (
  { call, db }: Pick<PartContext, 'call' | 'db'>,
  staffId: string,
): Promise<Powers> => {
  const person = await call('staff.get', { id: staffId });
  if (person.status !== 'active') return { staffId: undefined, delegations: [], unitIds: [] };
  const roles = await call('sso.roles', { staffId });
  return {
    staffId,
    delegations: await openDelegationsTo(db, staffId, today()),
    unitIds: roles.includes('clerk') && person.unitId !== undefined ? [person.unitId] : [],
  };
};

/** Whose steps have to be looked at. Pure. */
export const signersOf = ({ staffId, delegations, unitIds }: Powers) => ({
  staffIds: [
    ...new Set([...(staffId === undefined ? [] : [staffId]), ...delegations.map(one => one.staffId)]),
  ],
  unitIds,
});

type Step = Pick<WaitingRow, 'staffId' | 'unitId' | 'level' | 'appId' | 'documentType'>;

const covers = ({ staffId, limits }: Delegation, step: Step): boolean =>
  staffId === step.staffId &&
  (limits.appIds?.includes(step.appId) ?? true) &&
  (limits.levels?.includes(step.level) ?? true) &&
  isOneOf(limits.documentTypes, step.documentType);

const hasRoom = ({ limits, usedToday }: Delegation): boolean => usedToday < (limits.perDay ?? Infinity);

/** By what right a person decides a step: their own, a delegation, or none, and then whether it would be one but for its daily number. */
export type Right =
  | { kind: 'own' }
  | { kind: 'delegated'; delegation: Delegation }
  | { kind: 'none' | 'used-up' };

/** Pure. */
export const rightOver = ({ staffId, delegations, unitIds }: Powers, step: Step): Right => {
  if (step.staffId !== null && step.staffId === staffId) return { kind: 'own' };
  if (step.unitId !== null && unitIds.includes(step.unitId)) return { kind: 'own' };
  const covering = delegations.filter(one => covers(one, step));
  const delegation = covering.find(hasRoom);
  if (delegation !== undefined) return { kind: 'delegated', delegation };
  return { kind: covering.length === 0 ? 'none' : 'used-up' };
};

/** The delegation that something is decided by; null: none is needed. Pure. */
export const delegationIn = (right: Right | undefined): string | null =>
  right?.kind === 'delegated' ? right.delegation.id : null;

/** Who decides for somebody else signs with a key of their own: a signature names the person who made it. Pure. */
export const byWhom = ({ staffId }: Pick<Step, 'staffId'>, decider: string): { staffId?: string } =>
  staffId === null ? {} : { staffId: decider };

/** Pure. */
export const isAllowed = ({ kind }: Right): boolean => kind === 'own' || kind === 'delegated';
/** Pure. */
export const mayDecide = (powers: Powers, step: Step): boolean => isAllowed(rightOver(powers, step));

/** What each of these steps may be decided by, together: a delegation with room for two does not decide three. Pure. */
export const allotRights = (powers: Powers, steps: (Step & { id: string })[]): Map<string, Right> => {
  const delegations = powers.delegations.map(one => ({ ...one }));
  return new Map(
    steps.map(step => {
      const right = rightOver({ ...powers, delegations }, step);
      if (right.kind === 'delegated') right.delegation.usedToday += 1;
      return [step.id, right];
    }),
  );
};

/** What is said of a step that somebody may not decide: only a delegation that was used up today is told from what is not theirs. Pure. */
export const whyNot = (right: Right | undefined): 'delegation-limit-reached' | 'signing-step-not-waiting' =>
  right?.kind === 'used-up' ? 'delegation-limit-reached' : 'signing-step-not-waiting';
