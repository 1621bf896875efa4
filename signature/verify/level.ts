import type { SignatureReport } from '#schemas/verification.ts';
import type { View } from '#signature/verify/file/view.ts';
import type { OwnJudgement } from '#signature/verify/judge-signature.ts';

const hasStore = (view: View): boolean => view.dict(view.trailer.get('Root'))?.has('DSS') === true;

/**
 * The level of EN 319 142-1 §6 that a signature has reached, by what is proven and not only by what is there: a time from
 * B-T, the file's own proofs against revocation from B-LT, a later time-stamp over those proofs from B-LTA. `stamps`: what
 * later document time-stamps cover.
 */
export const levelOf = ({
  own,
  now,
  stamps,
}: {
  own: OwnJudgement;
  now: View;
  stamps: readonly View[];
}): SignatureReport['level'] => {
  if (!own.baseline) return undefined;
  if (!own.provenAt) return 'B-B';
  if (!own.provenByFile || !hasStore(now)) return 'B-T';
  return stamps.some(hasStore) ? 'B-LTA' : 'B-LT';
};
