import { randomInt } from 'node:crypto';
import type { Tx } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import { replaceRecoveryCodes } from '#sso/factors/recovery-code-store.ts';

const count = 10;
/** Without what is read as something else: 0 o, 1 l i. 31 signs, ten of them: 49 bits. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

const makeCode = (): string => {
  const signs = Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${signs.slice(0, 5)}-${signs.slice(5)}`;
};

/** What is kept of a code. Case, blanks and hyphens do not matter to who types it. */
export const hashRecoveryCode = (secrets: Secrets, staffId: string, typed: string): Buffer =>
  secrets.keyedHash('recovery-code', `${staffId} ${typed.toLowerCase().replaceAll(/[\s-]/g, '')}`);

/** Gives a person ten new recovery codes; earlier ones are worth nothing from now on. They are told this once. */
export const makeRecoveryCodes = async (tx: Tx, secrets: Secrets, staffId: string): Promise<string[]> => {
  const codes = Array.from({ length: count }, makeCode);
  await replaceRecoveryCodes(
    tx,
    staffId,
    codes.map(code => hashRecoveryCode(secrets, staffId, code)),
  );
  return codes;
};
