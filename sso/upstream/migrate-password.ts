import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { writePassword } from '#sso/accounts/password-store.ts';

type Rules = Pick<SignOnSettings, 'passwordMinLength' | 'passwordMixed'>;

const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u];

/** Whether a password of an older system is weaker than the province's rules: then a new one is asked for. */
export const breaksRules = (password: string, { passwordMinLength, passwordMixed }: Rules): boolean =>
  [...password].length < passwordMinLength || (passwordMixed && !kinds.every(kind => kind.test(password)));

/** Keeps a password here that an older system has just taken, so that it is not needed the next time. */
export const migratePassword = async (
  { db, hasher, rules }: { db: Database; hasher: PasswordHasher; rules: Rules },
  { staffId, password, sourceId }: { staffId: string; password: string; sourceId: string },
): Promise<void> => {
  const hash = await hasher.hash(password);
  const mustChange = breaksRules(password, rules);
  await inTransaction(db, async tx => {
    await writePassword(tx, staffId, { hash, mustChange });
    await appendAudit(tx, {
      actor: `staff/${staffId}`,
      action: 'password.migrated',
      object: `staff/${staffId}`,
      detail: { source: sourceId, mustChange },
    });
  });
};
