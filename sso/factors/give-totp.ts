import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import type { FactorDeps } from '#sso/factors/factor-deps.ts';
import { addTotp } from '#sso/factors/factor-store.ts';
import { makeTotpSecret, sealTotp } from '#sso/factors/totp.ts';

/** Gives a person an authenticator whose secret is told once, for devices that are handed out (and for the sandbox). */
export const giveTotp = (
  { db, secrets }: FactorDeps,
  { staffId, name, actor }: { staffId: string; name: string; actor: string },
): Promise<{ secret: string }> =>
  inTransaction(db, async tx => {
    const secret = makeTotpSecret();
    const factor = await addTotp(tx, { staffId, name, secret: sealTotp(secrets, staffId, secret) });
    const detail = { kind: 'totp', factor };
    await appendAudit(tx, { actor, action: 'factor.added', object: `staff/${staffId}`, detail });
    return { secret };
  });
