import { createHash } from 'node:crypto';
import { ExclusiveCanonicalization } from 'xml-crypto';
import { type Certificate, readCertificate } from '#signature/certificates/read-certificate.ts';
import { ds, elementsOf, type XmlDocument, type XmlElement, xades } from '#signature/xml/open-xml.ts';
import { digests, exclusive } from '#signature/xml/xml-algorithms.ts';

/** What a signature in XML brings. Nothing of it is judged yet. */
export interface XmlSignature {
  element: XmlElement;
  certificates: Buffer[];
  /** The certificate that the properties name, else the first one. */
  signer: Certificate | undefined;
  /** Methods of signature and digests within SignedInfo. */
  methods: string[];
  /** Tokens over the canonical SignatureValue; `undefined` for one over another form of it. */
  timeStamps: (Buffer | undefined)[];
  /** What they stamp. */
  stamped: Buffer;
}

const base64 = ({ textContent }: XmlElement): Buffer => Buffer.from(textContent ?? '', 'base64');

/** Whether SigningCertificateV2 (EN 319 132-1 §5.2.2) names this certificate first; `absent`: there is none. */
export const bindingIn = (
  properties: XmlDocument | XmlElement,
  certificate: Uint8Array,
): 'bound' | 'other' | 'absent' => {
  const [digest] = elementsOf(properties, xades, 'CertDigest');
  if (!digest) return 'absent';
  const hash = digests[elementsOf(digest, ds, 'DigestMethod')[0]?.getAttribute('Algorithm') ?? ''];
  const value = elementsOf(digest, ds, 'DigestValue')[0];
  if (!hash || !value) return 'other';
  return createHash(hash).update(certificate).digest().equals(base64(value)) ? 'bound' : 'other';
};

const readable = (der: Buffer): Certificate[] => {
  try {
    return [readCertificate(der)];
  } catch {
    return [];
  }
};

const canonicalValue = (element: XmlElement): Buffer => {
  const [value] = elementsOf(element, ds, 'SignatureValue');
  return Buffer.from(value ? new ExclusiveCanonicalization().process(value as never, {}) : '');
};

export const readXmlSignature = (element: XmlElement): XmlSignature => {
  const certificates = elementsOf(element, ds, 'X509Certificate').slice(0, 20).map(base64);
  const all = certificates.flatMap(readable);
  const [info] = elementsOf(element, ds, 'SignedInfo');
  const methods = ['SignatureMethod', 'DigestMethod'].flatMap(name =>
    (info ? elementsOf(info, ds, name) : []).map(method => method.getAttribute('Algorithm')),
  );
  const timeStamps = elementsOf(element, xades, 'SignatureTimeStamp')
    .slice(0, 10)
    .map(stamp => {
      const form = elementsOf(stamp, ds, 'CanonicalizationMethod')[0]?.getAttribute('Algorithm');
      const [token] = elementsOf(stamp, xades, 'EncapsulatedTimeStamp');
      return form === exclusive && token ? base64(token) : undefined;
    });
  const named = all.find(({ der }) => bindingIn(element, der) === 'bound');
  return {
    element,
    certificates,
    signer: named ?? all[0],
    methods,
    timeStamps,
    stamped: canonicalValue(element),
  };
};
