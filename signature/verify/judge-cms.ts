import { createHash } from 'node:crypto';
import { oids } from '#signature/asn1/oids.ts';
import { Fields } from '#signature/asn1/read-der.ts';
import { readAlgorithm, readOctets, readOid } from '#signature/asn1/read-values.ts';
import { type Certificate, readCertificate } from '#signature/certificates/read-certificate.ts';
import { flawOfSignature, hashName } from '#signature/certificates/verify-signed.ts';
import type { Cms } from '#signature/verify/read-cms.ts';

/** What is wrong with a signature by itself; whether its certificate is to be trusted is judged elsewhere. */
export interface CmsJudgement {
  certificate: Certificate | undefined;
  /** These make it invalid: it is not this person's signature over these bytes. */
  broken: string[];
  /** These leave it undecided: an algorithm that no longer proves anything, or what is unknown here. */
  doubtful: string[];
  /** The signature says which certificate made it (ESS, RFC 5035), so that no other of the same key can be put there. */
  bound: boolean;
}

const tryRead = (der: Buffer): Certificate[] => {
  try {
    return [readCertificate(der)];
  } catch {
    return [];
  }
};

const findSigner = ({ signer, certificates }: Cms): Certificate | undefined => {
  const all = certificates.slice(0, 50).flatMap(tryRead);
  if ('serial' in signer) {
    return all.find(one => one.serial === signer.serial && one.issuerName.equals(signer.issuerName));
  }
  const keyHash = ({ keyBits }: Certificate) => createHash('sha1').update(keyBits).digest();
  return all.find(one => keyHash(one).equals(signer.keyIdentifier));
};

/** Of signing-certificate(-v2): the hash of the certificate, and by what. The first one is the signer's. */
const readBinding = (cms: Cms): { hash: string; value: Buffer } | undefined => {
  const second = cms.signed.get(oids.signingCertificateV2)?.[0];
  const value = second ?? cms.signed.get(oids.signingCertificate)?.[0];
  if (!value) return undefined;
  const first = new Fields(new Fields(new Fields(value).next()).next());
  const algorithm = second ? first.optional(0x30) : undefined;
  const named = algorithm ? hashName(readAlgorithm(algorithm).oid) : 'sha256';
  return { hash: second ? (named ?? '') : 'sha1', value: readOctets(first.next()) };
};

const judgeBinding = (
  cms: Cms,
  certificate: Certificate,
): Pick<CmsJudgement, 'broken' | 'doubtful' | 'bound'> => {
  const binding = readBinding(cms);
  if (!binding) return { broken: [], doubtful: [], bound: false };
  if (binding.hash === 'weak' || binding.hash === '') {
    return { broken: [], doubtful: ['algorithm-weak'], bound: false };
  }
  const same = createHash(binding.hash).update(certificate.der).digest().equals(binding.value);
  if (!same) return { broken: ['certificate-swapped'], doubtful: [], bound: false };
  return { broken: [], doubtful: binding.hash === 'sha1' ? ['algorithm-weak'] : [], bound: true };
};

const judgeDigest = (cms: Cms, content: readonly Uint8Array[]): string[] => {
  const type = cms.signed.get(oids.contentType)?.[0];
  if (!type || readOid(type) !== cms.contentType) return ['cms-broken'];
  const name = hashName(cms.digestAlgorithm);
  const given = cms.signed.get(oids.messageDigest)?.[0];
  if (!given) return ['cms-broken'];
  if (!name || name === 'weak') return [];
  const hash = createHash(name);
  for (const part of content) hash.update(part);
  return hash.digest().equals(readOctets(given)) ? [] : ['content-altered'];
};

/**
 * Whether a signature is one over `content` by the certificate that it names: SHA-2, RSA from 2048 bits or ECDSA.
 * @throws DerError where an attribute is not what it says
 */
export const judgeCms = (cms: Cms, content: readonly Uint8Array[]): CmsJudgement => {
  const certificate = findSigner(cms);
  if (!certificate)
    return { certificate, broken: [], doubtful: ['signer-certificate-missing'], bound: false };
  if (!cms.signedAttributes) {
    return { certificate, broken: [], doubtful: ['signed-attributes-missing'], bound: false };
  }
  const broken = judgeDigest(cms, content);
  const digest = hashName(cms.digestAlgorithm);
  const doubtful: string[] = digest === 'weak' ? ['algorithm-weak'] : digest ? [] : ['algorithm-unknown'];
  const flaw = flawOfSignature({
    data: cms.signedAttributes,
    signature: cms.signature,
    algorithm: cms.signatureAlgorithm,
    key: certificate.publicKey,
    ...(digest ? { digest } : {}),
  });
  if (flaw === 'signature-wrong') broken.push(flaw);
  else if (flaw && !doubtful.includes(flaw)) doubtful.push(flaw);
  const binding = judgeBinding(cms, certificate);
  return {
    certificate,
    broken: [...broken, ...binding.broken],
    doubtful: [...new Set([...doubtful, ...binding.doubtful])],
    bound: binding.bound,
  };
};
