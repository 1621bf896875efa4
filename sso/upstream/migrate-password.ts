import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { type RuledPerson, unmetRules } from '#sso/accounts/password-rules.ts';
import { writePassword } from '#sso/accounts/password-store.ts';

/** Keeps a password here that an older system has just taken, so that it is not needed the next time. */
export const migratePassword = async (
  { db, hasher, rules }: { db: Database; hasher: PasswordHasher; rules: SignOnSettings },
  {
    person,
    password,
    sourceId,
  }: { person: RuledPerson & { id: string }; password: string; sourceId: string },
): Promise<void> => {
  const hash = await hasher.hash(password);
  const mustChange = unmetRules(password.normalize('NFC'), person, rules).length > 0;
  await inTransaction(db, async tx => {
    await writePassword(tx, person.id, { hash, mustChange });
    await appendAudit(tx, {
      actor: `staff/${person.id}`,
      action: 'password.migrated',
      object: `staff/${person.id}`,
      detail: { source: sourceId, mustChange },
    });
  });
};
