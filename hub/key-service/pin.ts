import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { CredentialRow } from '#hub/key-service/credential-store.ts';
import { countPin, forgetPins } from '#hub/key-service/pin-store.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';

/** OWASP's least for argon2id; the key itself is behind the token's own walls. */
const pinCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
export const hashPin = (pin: string): Promise<string> => hash(pin, pinCost);

/** Wrong PINs before the key is held. */
const mostWrongPins = 5;

/** No 0 and O, 1, I and L, and no U, which is read as V: a code is copied from paper. */
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
/** A code of 10 characters, for the first PIN of a key. */
export const makeOnceCode = (): string =>
  Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('');
/** As people type it: blanks, hyphens and case do not matter. */
const cleanCode = (typed: string): string => typed.toUpperCase().replace(/[^0-9A-Z]/g, '');

/** One digit again and again, or digits that follow one another: the first that a finder of a phone tries. */
export const isTooSimple = (pin: string): boolean =>
  /^(.)\1*$/.test(pin) || '01234567890'.includes(pin) || '09876543210'.includes(pin);

/**
 * Whether this is the key's PIN (or the code that chooses its first). It is counted before it is looked at, so that
 * guesses from many sides at once are counted too; the fifth wrong one holds the key.
 *
 * @throws AppError `wrong-pin`, `signing-key-not-active` (held)
 */
export const demandPin = async (
  db: Database,
  row: Pick<CredentialRow, 'id' | 'pinHash' | 'pinOnce'>,
  { pin, staffId }: { pin: string; staffId: string },
): Promise<void> => {
  const counted = await countPin(db, row.id, mostWrongPins);
  if (counted === undefined) throw new AppError('signing-key-not-active', { status: 'suspended' });
  if (await verify(row.pinHash, row.pinOnce ? cleanCode(pin) : pin)) return forgetPins(db, row.id);
  const detail = { left: mostWrongPins - counted };
  await appendAudit(db, {
    actor: `staff/${staffId}`,
    action: 'signing-key.wrong-pin',
    object: `signing-key/${row.id}`,
    detail,
  });
  throw new AppError('wrong-pin', detail);
};
