import { createHash } from 'node:crypto';
import { Fields, readDer } from '#signature/asn1/read-der.ts';
import { tags } from '#signature/asn1/read-values.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';
import { checkSignature } from '#signature/cms/check-signature.ts';
import { SignatureFault } from '#signature/fault.ts';
import { ds, elementsOf, openXml } from '#signature/xml/open-xml.ts';
import { idIn, type PreparedXml, placeholder } from '#signature/xml/prepare-xml.ts';
import { timeStampProperties } from '#signature/xml/qualifying-properties.ts';
import { exclusive, strictSignedXml } from '#signature/xml/xml-algorithms.ts';

/** ECDSA in XML is r||s (RFC 6931 §2.3.6), where services give Ecdsa-Sig-Value in DER. RSA is the same in both. */
const xmlValue = (certificate: Uint8Array, signature: Uint8Array): string => {
  const { publicKey } = readCertificate(certificate);
  if (publicKey.asymmetricKeyType !== 'ec') return Buffer.from(signature).toString('base64');
  const octets = publicKey.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 48 : 32;
  const fields = new Fields(readDer(signature));
  const numbers = [fields.next(tags.integer), fields.next(tags.integer)].map(({ content }) =>
    Buffer.concat([Buffer.alloc(octets), content]).subarray(-octets),
  );
  return Buffer.concat(numbers).toString('base64');
};

/** What a time-stamp for level B-T stamps: the SHA-256 of the canonical SignatureValue. */
export const imprintOfXml = (certificate: Uint8Array, signature: Uint8Array): Buffer => {
  const element = `<ds:SignatureValue xmlns:ds="${ds}">${xmlValue(certificate, signature)}</ds:SignatureValue>`;
  return createHash('sha256').update(element).digest();
};

const replaceLast = (text: string, what: string, by: string): string => {
  const at = text.lastIndexOf(what);
  return text.slice(0, at) + by + text.slice(at + what.length);
};

const checkWhole = (document: string, certificate: Uint8Array): void => {
  const opened = openXml(Buffer.from(document));
  const [signature] = elementsOf(opened.document, ds, 'Signature');
  const signed = strictSignedXml(readCertificate(certificate).publicKey);
  signed.loadSignature(signature as never);
  if (!signed.checkSignature(opened.text))
    throw new SignatureFault('xml-broken', 'This XML changes when it is written and read again');
};

/**
 * Puts signature and time-stamp into the document that `prepareXml` made; gives the whole document. Throws
 * `signature-not-of-hash` for a signature of something else. What comes out was judged once before.
 */
export const completeXml = (
  { document, signedInfo }: Pick<PreparedXml, 'document' | 'signedInfo'>,
  given: { certificate: Uint8Array; signature: Uint8Array; timeStamp?: Uint8Array },
): Buffer => {
  const { certificate, signature, timeStamp } = given;
  checkSignature({ certificate, attributes: signedInfo, signature });
  const id = idIn(document);
  let whole = replaceLast(document, placeholder(id), xmlValue(certificate, signature));
  const end = '</xades:QualifyingProperties>';
  if (timeStamp) whole = replaceLast(whole, end, timeStampProperties(id, timeStamp, exclusive) + end);
  checkWhole(whole, certificate);
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${whole}`);
};
