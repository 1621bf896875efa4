import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction, type Tx } from '#hub/platform/database.ts';
import { cleanName } from '#sso/factors/clean-name.ts';
import type { FactorDeps } from '#sso/factors/factor-deps.ts';
import { addPasskey, addTotp, listFactors, readPasskeys, takeTotpStep } from '#sso/factors/factor-store.ts';
import { offerRegistration, readRegistration } from '#sso/factors/passkeys.ts';
import { makeRecoveryCodes } from '#sso/factors/recovery-codes.ts';
import { describeTotp, findTotpStep, makeTotpSecret, sealTotp } from '#sso/factors/totp.ts';
import type { Shown } from '#sso/factors/verify-factor.ts';

const mostFactors = 10;

const offerPurpose = (owner: string): string => `totp-offer:${owner}`;

/** The secret that a page offered before; undefined: none, or not to this sign-in. */
const readOffer = ({ secrets }: FactorDeps, owner: string, offer: string | undefined): string | undefined => {
  try {
    return offer && secrets.open(offerPurpose(owner), Buffer.from(offer, 'base64url'));
  } catch {
    return undefined;
  }
};

/**
 * What the page for setting up a factor shows. A secret is kept nowhere before its first code: it travels sealed in the
 * form. `form` is the one that came back with a wrong code: what was scanned stays good.
 */
export const offerFactors = async (
  deps: FactorDeps,
  { staffId, owner, form = {} }: { staffId: string; owner: string; form?: Record<string, string> },
): Promise<Record<string, unknown>> => {
  const { call, db, secrets, relyingParty } = deps;
  const { username, name } = await call('staff.get', { id: staffId });
  const secret = readOffer(deps, owner, form.offer) ?? makeTotpSecret();
  const known = await readPasskeys(db, staffId);
  return {
    totp: await describeTotp(secret, username),
    offer: secrets.seal(offerPurpose(owner), secret).toString('base64url'),
    passkey:
      relyingParty &&
      JSON.stringify(
        await offerRegistration({ secrets, relyingParty }, { staffId, username, name, owner, known }),
      ),
  };
};

type Enrolment =
  /** `codes`: recovery codes, with the first factor; they are shown this once. */
  | { outcome: 'added'; method: 'otp' | 'hwk'; codes: string[] | undefined }
  | { outcome: 'wrong-code' | 'no-passkey' | 'too-many' };

/** Adds what the form proves: a code of the offered secret, or a passkey that was made for this page. */
export const enrolFactor = async (
  deps: FactorDeps,
  { staffId, owner, form, facts }: Shown,
): Promise<Enrolment> => {
  const { db, secrets, relyingParty } = deps;
  const keep = (kind: 'totp' | 'passkey', add: (tx: Tx) => Promise<string | undefined>): Promise<Enrolment> =>
    inTransaction(db, async tx => {
      const before = await listFactors(tx, staffId);
      if (before.length >= mostFactors) return { outcome: 'too-many' };
      const factor = await add(tx);
      if (factor === undefined) return { outcome: kind === 'totp' ? 'wrong-code' : 'no-passkey' };
      const codes = before.length === 0 ? await makeRecoveryCodes(tx, secrets, staffId) : undefined;
      await appendAudit(tx, {
        actor: `staff/${staffId}`,
        action: 'factor.added',
        object: `staff/${staffId}`,
        detail: { kind, factor, zone: facts.zone },
        requestId: facts.requestId,
      });
      return { outcome: 'added', method: kind === 'totp' ? 'otp' : 'hwk', codes };
    });

  if (form.kind === 'passkey') {
    if (relyingParty === undefined) return { outcome: 'no-passkey' };
    const passkey = await readRegistration({ secrets, relyingParty }, { owner, response: form.response });
    if (passkey === undefined) return { outcome: 'no-passkey' };
    const name = cleanName(form.name) ?? 'Passkey';
    return keep('passkey', tx => addPasskey(tx, { staffId, name, passkey }));
  }
  const secret = readOffer(deps, owner, form.offer);
  const step = secret === undefined ? undefined : findTotpStep(secret, form.code ?? '');
  if (secret === undefined || step === undefined) return { outcome: 'wrong-code' };
  const name = cleanName(form.name) ?? 'Authenticator';
  return keep('totp', async tx =>
    (await takeTotpStep(tx, staffId, step))
      ? addTotp(tx, { staffId, name, secret: sealTotp(secrets, staffId, secret) })
      : undefined,
  );
};
