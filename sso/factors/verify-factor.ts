import { appendAudit } from '#hub/platform/audit-store.ts';
import type { FactorDeps } from '#sso/factors/factor-deps.ts';
import {
  countPasskeyUse,
  noteUse,
  readPasskeys,
  readTotpSecrets,
  takeTotpStep,
} from '#sso/factors/factor-store.ts';
import { countAttempt, forgetAttempts } from '#sso/factors/failure-store.ts';
import { readSignature } from '#sso/factors/passkeys.ts';
import { countRecoveryCodes, takeRecoveryCode } from '#sso/factors/recovery-code-store.ts';
import { hashRecoveryCode } from '#sso/factors/recovery-codes.ts';
import { findTotpStep, openTotp } from '#sso/factors/totp.ts';
import type { RequestFacts } from '#sso/request-facts.ts';

/** What somebody shows, as the form has it. */
export interface Shown {
  staffId: string;
  /** The sign-in that it is for. */
  owner: string;
  form: Record<string, string>;
  facts: RequestFacts;
}

/** How each kind is called in `amr` (RFC 8176; `rec` is ours). */
const methodOf = { totp: 'otp', passkey: 'hwk', recovery: 'rec' } as const;
type ShownKind = keyof typeof methodOf;

type FactorVerdict =
  | { outcome: 'right'; kind: ShownKind; method: string }
  | { outcome: 'wrong' }
  | { outcome: 'wait'; seconds: number };

const showsTotp = async ({ db, secrets }: FactorDeps, { staffId, form }: Shown): Promise<boolean> => {
  for (const { id, secret } of await readTotpSecrets(db, staffId)) {
    const step = findTotpStep(openTotp(secrets, staffId, secret), form.code ?? '');
    if (step === undefined) continue;
    if (!(await takeTotpStep(db, staffId, step))) return false;
    await noteUse(db, id);
    return true;
  }
  return false;
};

const showsPasskey = async (deps: FactorDeps, { staffId, owner, form }: Shown): Promise<boolean> => {
  const { db, secrets, relyingParty } = deps;
  if (relyingParty === undefined) return false;
  const known = await readPasskeys(db, staffId);
  const used = await readSignature({ secrets, relyingParty }, { owner, known, response: form.response });
  return used !== undefined && countPasskeyUse(db, used.id, used.counter);
};

const showsRecovery = ({ db, secrets }: FactorDeps, { staffId, form }: Shown): Promise<boolean> =>
  takeRecoveryCode(db, staffId, hashRecoveryCode(secrets, staffId, form.code ?? ''));

const shows: Record<ShownKind, (deps: FactorDeps, shown: Shown) => Promise<boolean>> = {
  totp: showsTotp,
  passkey: showsPasskey,
  recovery: showsRecovery,
};

/**
 * Looks at a second factor. Each kind counts its own failures, none of them the password's: who guesses codes shuts out
 * neither the passkey nor the person's password. Of those that come during a wait the trail has the first.
 */
export const verifyFactor = async (deps: FactorDeps, shown: Shown): Promise<FactorVerdict> => {
  const { staffId, form, facts } = shown;
  const kind = Object.keys(shows).find(one => one === form.kind) as ShownKind | undefined;
  if (kind === undefined) return { outcome: 'wrong' };
  const note = async (action: string, detail: object = {}) =>
    appendAudit(deps.db, {
      actor: `staff/${staffId}`,
      action,
      object: `staff/${staffId}`,
      detail: { kind, zone: facts.zone, ...detail },
      requestId: facts.requestId,
    });
  const { seconds, first } = await countAttempt(deps.db, staffId, kind);
  if (seconds > 0) {
    if (first) await note('factor.refused', { reason: 'wait' });
    return { outcome: 'wait', seconds };
  }
  if (!(await shows[kind](deps, shown))) {
    await note('factor.refused', { reason: 'wrong' });
    return { outcome: 'wrong' };
  }
  await forgetAttempts(deps.db, staffId, kind);
  const left = kind === 'recovery' ? { left: await countRecoveryCodes(deps.db, staffId) } : {};
  await note('factor.used', left);
  return { outcome: 'right', kind, method: methodOf[kind] };
};
