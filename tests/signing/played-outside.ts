import { constants, privateEncrypt, randomUUID } from 'node:crypto';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import type { Authorisation, Credential, SignatureAnswer } from '#schemas/signer.ts';
import type { Issued } from '#tests/signing/played-authority.ts';

const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** A signing service of somebody else behind a connector, played with keys in memory; each user has one at most. */
export const playOutside = () => {
  const keys = new Map<string, Issued & { id: string; status: Credential['status'] }>();
  const seen = { certificates: 0, authorised: 0, signed: 0 };
  const state = { away: false, refuses: false };
  const methods = {
    certificates: ({ userId }: { userId: string }): Credential[] => {
      seen.certificates += 1;
      const key = keys.get(userId);
      return key === undefined
        ? []
        : [
            {
              ...{
                id: key.id,
                certificate: key.certificate.toString('base64'),
                chain: [],
                status: key.status,
              },
              ...{ asks: [], maxHashes: 100 },
            },
          ];
    },
    authorise: () => {
      seen.authorised += 1;
      return { session: randomUUID(), expiresAt: new Date(Date.now() + 300_000).toISOString() };
    },
    sign: ({ credentialId, hashes }: Authorisation): SignatureAnswer => {
      seen.signed += hashes.length;
      const { key } = [...keys.values()].find(({ id }) => id === credentialId)!;
      const sign = (hash: string): string =>
        privateEncrypt(
          { key, padding: constants.RSA_PKCS1_PADDING },
          Buffer.concat([digestInfo, Buffer.from(hash, 'base64')]),
        ).toString('base64');
      return { state: 'signed', signatures: hashes.map(sign) };
    },
  };
  return {
    seen,
    state,
    give: (userId: string, issued: Issued, status: Credential['status'] = 'active') =>
      keys.set(userId, { ...issued, status, id: randomUUID() }),
    /** The account stays, with nothing in it. */
    take: (userId: string) => keys.delete(userId),
    async invoke(method: string, input: never): Promise<InvokeAnswer> {
      const bad = { ok: false as const, message: '', retryable: true, durationMs: 1 };
      if (state.away) return { ...bad, code: 'unavailable' };
      if (state.refuses && method === 'authorise') return { ...bad, code: 'refused' };
      return { ok: true, result: methods[method as 'sign'](input), durationMs: 1 };
    },
  };
};
export type PlayedOutside = ReturnType<typeof playOutside>;
