import type { PartContext } from '#hub/platform/part.ts';
import { showHolder } from '#hub/signing/signers/show-holder.ts';
import type { Signer } from '#hub/signing/signers/signer.ts';

/** The hub's own key service: the account is the person or the organisation itself. */
export const createEmbeddedSigner = ({ call }: Pick<PartContext, 'call'>): Signer => ({
  userOf: async ({ staffId, unitId }) => staffId ?? unitId ?? undefined,
  certificates: holder => call('key-service.certificates', showHolder(holder)),
  async authorise({ credentialId, hashes, pin, otp }, { staffId, factorAt }) {
    const { sad, expiresAt } = await call('key-service.authorise', {
      credentialId,
      hashes,
      approver: staffId,
      pin: pin ?? '',
      ...(otp === undefined ? {} : { otp }),
      ...(factorAt === undefined ? {} : { factorAt }),
    });
    return { session: sad, expiresAt };
  },
  sign: ({ credentialId, session, hashes }) =>
    call('key-service.sign', { credentialId, sad: session, hashes }),
  // It never lets anybody wait.
  status: async () => ({ state: 'expired', reason: 'unknown-transaction' }),
});
