import type { Extension } from 'pkijs';
import { Certificate } from 'pkijs';
import { type Identity, issueCertificate } from './issue-certificate.ts';
import { makeKey, publicKeyOf } from './open-identity.ts';

/** An impostor: the same name and purposes, a key of its own, and nobody who certifies it. */
export const forgeIdentity = async (like: Identity): Promise<Identity> => {
  const key = await makeKey();
  const { subject, notBefore, notAfter, extensions = [] } = like.certificate;
  // Both key identifiers are written anew.
  const isKept = ({ extnID }: Extension) => extnID !== '2.5.29.14' && extnID !== '2.5.29.35';
  const der = issueCertificate({
    subject,
    publicKey: publicKeyOf(key),
    notBefore: notBefore.value,
    notAfter: notAfter.value,
    extensions: extensions.filter(isKept),
    issuer: { key },
  });
  return { key, der, certificate: Certificate.fromBER(der) };
};
