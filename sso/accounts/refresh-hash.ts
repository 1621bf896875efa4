import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { replaceHash } from '#sso/accounts/password-store.ts';

/** Hashes a password anew that was hashed with other parameters than today's; left for another time when all are busy. */
export const refreshHash = async (
  { db, hasher }: { db: Database; hasher: PasswordHasher },
  { staffId, hash, password }: { staffId: string; hash: string; password: string },
): Promise<void> => {
  if (!hasher.isOutdated(hash)) return;
  try {
    await replaceHash(db, staffId, { from: hash, to: await hasher.hash(password) });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'too-many-requests')) throw error;
  }
};
