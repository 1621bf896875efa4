import type { PartContext } from '#hub/platform/part.ts';
import { findImages } from '#hub/signing/image-store.ts';
import { type StepRow, stepsOf } from '#hub/signing/step-store.ts';

/** What a step's signature may show. */
export interface Look {
  /** The signer's picture. */
  image: Buffer | undefined;
  /** Above whose name it belongs: the signer's, or of the leader whom the organisation's seal follows. */
  person: string | undefined;
}

/** What signatures may show, read for all steps of a decision at once. */
export const readLooks = async (
  { db, call }: Pick<PartContext, 'db' | 'call'>,
  steps: StepRow[],
): Promise<(step: StepRow) => Look> => {
  const images = await findImages(db, steps);
  const sealed = steps.filter(({ staffId }) => staffId === null).map(({ requestId }) => requestId);
  const before = Map.groupBy(await stepsOf(db, sealed), ({ requestId }) => requestId);
  const leaderOf = ({ staffId, requestId, position }: StepRow): string | null =>
    staffId ??
    before.get(requestId)?.findLast(one => one.staffId !== null && one.position < position)?.staffId ??
    null;
  const ids = [...new Set(steps.flatMap(step => leaderOf(step) ?? []))];
  const names = new Map((await call('staff.snapshots', { ids })).map(({ id, name }) => [id, name]));
  return step => ({
    image: images.get((step.staffId ?? step.unitId)!),
    person: names.get(leaderOf(step) ?? ''),
  });
};
