import { createHash, randomUUID } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { readCertificate } from '#signature/certificates/read-certificate.ts';
import { SignatureFault } from '#signature/fault.ts';
import { ds, elementsOf, openXml } from '#signature/xml/open-xml.ts';
import { qualifyingProperties } from '#signature/xml/qualifying-properties.ts';
import { ecdsaSha256, enveloped, exclusive, rsaSha256, sha256Uri } from '#signature/xml/xml-algorithms.ts';

/** What is kept until the signer answers; `hash` goes to them, `signedInfo` is what their signature is over. */
export interface PreparedXml {
  document: string;
  signedInfo: Buffer;
  hash: Buffer;
}

/** Reads a document that takes a signature. Throws `xml-broken`. */
export const openToSign = (xml: Uint8Array): ReturnType<typeof openXml> => {
  const opened = openXml(xml);
  if (elementsOf(opened.document, ds, 'Signature').length > 0)
    throw new SignatureFault(
      'xml-broken',
      'This XML is signed already; a second signature would break the first',
    );
  return opened;
};

/** Stands in the place of the value until it comes. */
export const placeholder = (id: string): string => `value-of-${id}`;
/** The signature that a prepared document waits for. */
export const idIn = (document: string): string => /value-of-(s-[\w-]+)/.exec(document)![1]!;

const certificates = (all: Uint8Array[]): string =>
  all.map(one => `<ds:X509Certificate>${Buffer.from(one).toString('base64')}</ds:X509Certificate>`).join('');

/**
 * Prepares an enveloped XAdES baseline signature (ETSI EN 319 132-1) as the last child of the root element: exclusive
 * canonical XML, SHA-256, RSA or ECDSA by the certificate's key. Of `chain` the roots are left out. One signature a document:
 * a second one inside would break the first. Throws `xml-broken`.
 */
export const prepareXml = (asked: {
  xml: Uint8Array;
  certificate: Uint8Array;
  chain: readonly Uint8Array[];
  signingTime?: Date;
}): PreparedXml => {
  const { text } = openToSign(asked.xml);
  const id = `s-${randomUUID()}`;
  const { publicKey } = readCertificate(asked.certificate);
  const method = publicKey.asymmetricKeyType === 'ec' ? ecdsaSha256 : rsaSha256;
  const issuers = asked.chain
    .map(readCertificate)
    .filter(({ subjectName, issuerName }) => !subjectName.equals(issuerName));
  let signedInfo = '';
  const signing = new SignedXml({
    privateKey: 'the key is elsewhere',
    signatureAlgorithm: method,
    canonicalizationAlgorithm: exclusive,
    getKeyInfoContent: () =>
      `<ds:X509Data>${certificates([asked.certificate, ...issuers.map(({ der }) => der)])}</ds:X509Data>`,
    objects: [
      { content: qualifyingProperties(id, { ...asked, signingTime: asked.signingTime ?? new Date() }) },
    ],
  });
  signing.SignatureAlgorithms = {
    [method]: class {
      getAlgorithmName = () => method;
      verifySignature = () => false;
      getSignature = (canonical: unknown): string => {
        signedInfo = String(canonical);
        return placeholder(id);
      };
    },
  };
  const digestAlgorithm = sha256Uri;
  const transforms = [enveloped, exclusive];
  signing.addReference({ xpath: '/*', isEmptyUri: true, id: `${id}-document`, transforms, digestAlgorithm });
  signing.addReference({
    xpath: `//*[@Id='${id}-properties']`,
    type: 'http://uri.etsi.org/01903#SignedProperties',
    transforms: [exclusive],
    digestAlgorithm,
  });
  signing.computeSignature(text, { prefix: 'ds', attrs: { Id: id } });
  const bytes = Buffer.from(signedInfo);
  const hash = createHash('sha256').update(bytes).digest();
  return { document: signing.getSignedXml(), signedInfo: bytes, hash };
};
