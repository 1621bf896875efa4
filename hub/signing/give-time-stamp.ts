import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { readSettings } from '#hub/signing/settings-store.ts';
import { takeTimeStamp } from '#hub/signing/take-time-stamp.ts';
import { laterInOurWords } from '#hub/signing/to-signing-error.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { signingCommands } from '#schemas/commands/signing.ts';

const hashBytes = { sha256: 32, sha384: 48, sha512: 64 };

/** A number of hex digits as DER has integers (X.690 §8.3): positive, in its shortest form. */
const toInteger = (hex: string): Buffer => {
  const digits = hex.replace(/^0+(?=.)/, '');
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return bytes[0]! < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
};

/** `signing.time-stamp`. @throws AppError `invalid-request` (no hash of this algorithm), `time-stamp-unavailable`, `time-stamp-refused` */
export const giveTimeStamp = async (
  db: Database,
  { hash, algorithm = 'sha256', nonce }: ParamsOf<(typeof signingCommands)['signing.time-stamp']>,
): Promise<{ token: string }> => {
  const imprint = Buffer.from(hash, 'base64');
  if (imprint.length !== hashBytes[algorithm])
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/hash', code: 'bad-hash' }] });
  const settings = await readSettings(db);
  const token = await laterInOurWords(() =>
    takeTimeStamp(settings, {
      ...{ imprint, hash: algorithm },
      ...(nonce === undefined ? {} : { nonce: toInteger(nonce) }),
    }),
  );
  return { token: token.toString('base64') };
};
