import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import type { SubjectPart } from '#schemas/signer.ts';
import { der, integer, oid, sequence, setOf } from '#signature/asn1/write-der.ts';

const types = {
  C: '2.5.4.6',
  ST: '2.5.4.8',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  title: '2.5.4.12',
  CN: '2.5.4.3',
  UID: '0.9.2342.19200300.100.1.1',
  emailAddress: '1.2.840.113549.1.9.1',
} as const satisfies Record<SubjectPart, string>;

const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text.normalize('NFC')));
const printable = (text: string): Buffer => der(0x13, Buffer.from(text));
const ia5 = (text: string): Buffer => der(0x16, Buffer.from(text));

const nameOf = (subject: Partial<Record<SubjectPart, string>>): Buffer =>
  sequence(
    ...(Object.keys(types) as SubjectPart[])
      .filter(part => subject[part])
      .map(part => {
        const write = part === 'C' ? printable : part === 'emailAddress' ? ia5 : utf8;
        return setOf(sequence(oid(types[part]), write(subject[part]!)));
      }),
  );

/**
 * A certificate request (PKCS#10, RFC 2986) in DER. `sign` gets the SHA-256 of what is signed and answers what `Signer`s
 * answer.
 */
export const makeCertificateRequest = async (
  subject: Partial<Record<SubjectPart, string>>,
  publicKey: JsonWebKey,
  sign: (hash: Buffer) => Promise<Buffer>,
): Promise<Buffer> => {
  const spki = createPublicKey({ key: publicKey, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  const info = sequence(integer(0), nameOf(subject), spki, der(0xa0));
  const signature = await sign(createHash('sha256').update(info).digest());
  const algorithm =
    publicKey.kty === 'RSA'
      ? sequence(oid('1.2.840.113549.1.1.11'), der(0x05))
      : sequence(oid('1.2.840.10045.4.3.2'));
  return sequence(info, algorithm, der(0x03, Buffer.from([0]), signature));
};
