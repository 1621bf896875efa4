import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { SubjectPart } from '#schemas/signer.ts';

/**
 * The subject of a certificate as the register knows its holder: the person and their unit, or the organisation. No citizen
 * number: a certificate is public.
 *
 * @throws AppError `unknown-staff`, `not-active` (the person has left or is suspended), `unknown-unit`
 */
export const subjectOf = async (
  { call }: Pick<PartContext, 'call'>,
  { staffId, unitId }: { staffId?: string; unitId?: string },
): Promise<Partial<Record<SubjectPart, string>>> => {
  if (staffId === undefined) return { CN: (await call('units.get', { id: unitId! })).name, C: 'VN' };
  const person = await call('staff.account', { id: staffId });
  if (person === undefined) throw new AppError('unknown-staff');
  if (person.status !== 'active') throw new AppError('not-active');
  return { CN: person.name, ...(person.unitName ? { O: person.unitName } : {}), C: 'VN' };
};
