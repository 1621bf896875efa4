import { Secret, TOTP } from 'otpauth';
import { toString as toQr } from 'qrcode';
import type { Secrets } from '#hub/platform/secrets.ts';

const period = 30;
/** One step early or late: clocks of telephones are not exact, and people type slowly (RFC 6238 §5.2). */
const window = 1;

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({
    issuer: 'Liên Thông',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period,
    secret: Secret.fromBase32(secret),
  });

/** 160 random bits in base32, as authenticator apps take them (RFC 4226 §4). */
export const makeTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** The secret for somebody who sets up an app: to scan, and to type where there is no camera. */
export const describeTotp = async (
  secret: string,
  label: string,
): Promise<{ svg: string; uri: string; text: string }> => {
  const uri = totpOf(secret, label).toString();
  return {
    uri,
    svg: await toQr(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 }),
    text: secret.match(/.{1,4}/g)!.join(' '),
  };
};

/** The time step whose code this is, within a step of now; undefined: it is none. Whether it was used is not looked at. */
export const findTotpStep = (secret: string, typed: string, now = Date.now()): number | undefined => {
  const token = typed.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = totpOf(secret).validate({ token, window, timestamp: now });
  return delta === null ? undefined : Math.floor(now / 1000 / period) + delta;
};

const purposeFor = (staffId: string): string => `totp:${staffId}`;

/** Secrets are kept sealed for their person: a row that is given to somebody else opens nothing. */
export const sealTotp = (secrets: Secrets, staffId: string, secret: string): Buffer =>
  secrets.seal(purposeFor(staffId), secret);
export const openTotp = (secrets: Secrets, staffId: string, sealed: Buffer): string =>
  secrets.open(purposeFor(staffId), sealed);
