import type { UnlinkedReason } from '#schemas/upstream.ts';
import type { KeyedPerson } from '#sso/upstream/find-by-key.ts';

/** Whom an account may be linked with by its key, or why nobody. */
export type KeyVerdict =
  | { staffId: string; reason?: undefined }
  | { reason: UnlinkedReason; staffId?: string };

/** One person of the register, and one who works: everything else is for people to look at. */
export const judgeKey = (key: string | undefined, people: KeyedPerson[] = []): KeyVerdict => {
  if (key === undefined) return { reason: 'no-key' };
  const [person, ...more] = people;
  if (person === undefined) return { reason: 'no-staff' };
  if (more.length > 0) return { reason: 'several-staff' };
  return judgeStatus(person);
};

/** A person who has left or is suspended is refused, whatever the older system says. */
export const judgeStatus = ({ id, status }: KeyedPerson): KeyVerdict =>
  status === 'active'
    ? { staffId: id }
    : { reason: status === 'suspended' ? 'suspended' : 'left', staffId: id };
