import { ConnectorError } from './errors.ts';

/** Base64 as services write it (line breaks in it, URL letters) in its one plain form; `unexpected-answer` when it is none. */
export const plainBase64 = (text: string): string => {
  const clean = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(clean))
    throw new ConnectorError('unexpected-answer', 'the service gives something that is no base64');
  return Buffer.from(clean, 'base64').toString('base64');
};

/** A certificate as DER in base64, whether it came so or as PEM. */
export const certificateBase64 = (text: string): string =>
  plainBase64(text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, ''));

const derInteger = (bytes: Buffer): Buffer => {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const plain = bytes.subarray(from);
  const positive = (plain[0] as number) & 0x80 ? Buffer.concat([Buffer.of(0), plain]) : plain;
  return Buffer.concat([Buffer.of(2, positive.length), positive]);
};

/**
 * An ECDSA signature over P-256 as `Ecdsa-Sig-Value` (RFC 3279 §2.2.3). Some services answer r and s one after the
 * other (64 bytes, IEEE P1363), others DER already; both are taken.
 */
export const ecdsaInDer = (signature: string): string => {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.length !== 64) return signature;
  const body = Buffer.concat([derInteger(bytes.subarray(0, 32)), derInteger(bytes.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]).toString('base64');
};

/** As many signatures as hashes, or `unexpected-answer`: nothing is guessed about which belongs to which. */
export const oneForEach = (signatures: string[], count: number): string[] => {
  if (signatures.length !== count)
    throw new ConnectorError(
      'unexpected-answer',
      `the service gives ${signatures.length} signatures for ${count} hashes`,
    );
  return signatures;
};
