import type { Holder } from '#hub/signing/signers/signer.ts';

/** Whose key, as events, the trail and other parts have it: what a holder is not is left out. Pure. */
export const showHolder = ({ staffId, unitId }: Holder): { staffId?: string; unitId?: string } => ({
  ...(staffId === null ? {} : { staffId }),
  ...(unitId === null ? {} : { unitId }),
});
