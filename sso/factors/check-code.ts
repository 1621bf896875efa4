import { randomUUID } from 'node:crypto';
import type { FactorDeps } from '#sso/factors/factor-deps.ts';
import { verifyFactor } from '#sso/factors/verify-factor.ts';

/** Whether this is a code of the person's authenticator now, for parts that ask for a second factor themselves. It counts as any other try. */
export const checkCode = async (
  deps: FactorDeps,
  { staffId, code }: { staffId: string; code: string },
): Promise<{ ok: boolean }> => {
  const facts = { requestId: randomUUID(), address: '', language: 'vi', zone: 'wan' } as const;
  const { outcome } = await verifyFactor(deps, { staffId, owner: '', form: { kind: 'totp', code }, facts });
  return { ok: outcome === 'right' };
};
