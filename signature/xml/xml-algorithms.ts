import { createHash, type KeyObject, verify } from 'node:crypto';
import { SignedXml } from 'xml-crypto';

export const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const sha256Uri = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const ecdsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';

/** Signature methods that are believed (RFC 6931); ECDSA is r||s in XML. */
export const methods: Record<string, [keyType: string, hash: string]> = {
  [rsaSha256]: ['rsa', 'sha256'],
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': ['rsa', 'sha384'],
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': ['rsa', 'sha512'],
  [ecdsaSha256]: ['ec', 'sha256'],
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': ['ec', 'sha384'],
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': ['ec', 'sha512'],
};

/** Digest methods that are believed, by the names of `node:crypto`. */
export const digests: Record<string, string> = {
  [sha256Uri]: 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

const entries = <T>(names: Record<string, unknown>, make: (name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.keys(names).map(name => [name, make(name)]));

/** The library's own lists hold SHA-1 and lack ECDSA: ours stand in their place. `key` alone counts, not what the file brings. */
export const strictSignedXml = (key: KeyObject): SignedXml => {
  const signed = new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null });
  signed.HashAlgorithms = entries(
    digests,
    name =>
      class {
        getAlgorithmName = () => name;
        getHash = (xml: string) => createHash(digests[name]!).update(xml, 'utf8').digest('base64');
      },
  );
  signed.SignatureAlgorithms = entries(
    methods,
    name =>
      class {
        getAlgorithmName = () => name;
        getSignature = (): string => {
          throw new Error('only judges');
        };
        verifySignature = (material: string, _key: unknown, value: string): boolean => {
          const [type, hash] = methods[name]!;
          if (key.asymmetricKeyType !== type) return false;
          if (type === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) return false;
          const options = type === 'ec' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : { key };
          return verify(hash, Buffer.from(material), options, Buffer.from(value, 'base64'));
        };
      },
  );
  return signed;
};
