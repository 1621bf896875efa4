import { constants, privateEncrypt, randomUUID } from 'node:crypto';
import { AppError } from '#hub/platform/errors.ts';
import type { Part } from '#hub/platform/part.ts';
import type { Credential } from '#schemas/signer.ts';
import type { Issued } from '#tests/signing/played-authority.ts';

/** The key service, played with keys in memory, so that its answers can be chosen. */
export const playKeyService = (root: Buffer) => {
  const keys = new Map<string, Issued & { holder: string; status: Credential['status'] }>();
  /** Keys for the meantime; `certify` brings the certificate. */
  const temporary = new Map<string, { holder: string; pin: string }>();
  const leaves = new Map<string, { credentialId: string; hashes: string[] }>();
  const seen = { authorised: 0, signed: 0 };
  let answer: 'well' | 'swapped' | 'away' | 'spent' | 'unable' | 'waiting' = 'well';
  let gate: Promise<void> | undefined;
  const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const part: Part = {
    name: 'key-service',
    actions: {
      'key-service.certificates': async ({ staffId, unitId }) =>
        [...keys]
          .filter(([, { holder }]) => holder === (staffId ?? unitId))
          .map(([id, { certificate, status }]) => ({
            id,
            certificate: certificate.toString('base64'),
            chain: [root.toString('base64')],
            status,
            asks: ['pin' as const],
            maxHashes: 1000,
          })),
      'key-service.create-temporary': async ({ staffId, pin }) => {
        const credentialId = randomUUID();
        temporary.set(credentialId, { holder: staffId, pin });
        return { credentialId };
      },
      'key-service.revoke': async ({ credentialId }) => {
        keys.delete(credentialId);
        temporary.delete(credentialId);
      },
      'key-service.authorise': async ({ credentialId, hashes, pin }) => {
        if (pin !== '246810') throw new AppError('conflict');
        seen.authorised += 1;
        const sad = randomUUID();
        leaves.set(sad, { credentialId, hashes });
        return { sad, expiresAt: new Date(Date.now() + 300_000).toISOString() };
      },
      'key-service.sign': async ({ sad, hashes }) => {
        if (answer === 'away') throw new AppError('not-ready');
        if (answer === 'spent') return { state: 'expired' as const, reason: 'expired' };
        if (answer === 'unable') return { state: 'unable' as const, reason: 'suspended' };
        if (answer === 'waiting') return { state: 'waiting' as const, session: sad };
        const leave = leaves.get(sad);
        if (leave === undefined || JSON.stringify(leave.hashes) !== JSON.stringify(hashes))
          return { state: 'expired' as const, reason: 'unknown' };
        seen.signed += hashes.length;
        await gate;
        const { key } = keys.get(leave.credentialId)!;
        const signatures = hashes.map(hash =>
          rawSign(key, Buffer.concat([digestInfo, Buffer.from(hash, 'base64')])),
        );
        return {
          state: 'signed' as const,
          signatures: answer === 'swapped' ? signatures.toReversed() : signatures,
        };
      },
    },
  };
  return {
    part,
    seen,
    temporary,
    certify: (id: string, issued: Issued, status: Credential['status'] = 'active') =>
      keys.set(id, { ...issued, status, holder: temporary.get(id)!.holder }),
    take(holder: string) {
      for (const [id, key] of keys) if (key.holder === holder) keys.delete(id);
    },
    give: (holder: string, issued: Issued, status: Credential['status'] = 'active') =>
      keys.set(randomUUID(), { ...issued, status, holder }),
    /** Keeps signatures to itself from now on, until what it gives is called. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return () => {
        gate = undefined;
        resolve();
      };
    },
    answer(way: typeof answer) {
      answer = way;
    },
  };
};

/** PKCS#1 v1.5 over a finished DigestInfo, as a token does it. */
const rawSign = (key: string, info: Buffer): string =>
  privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info).toString('base64');
