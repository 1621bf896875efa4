import { verify, X509Certificate } from 'node:crypto';
import { SignatureFault } from '#signature/fault.ts';

/** Whether a raw signature is what the certificate's key makes of these attributes. @throws SignatureFault `signature-not-of-hash` */
export const checkSignature = ({
  certificate,
  attributes,
  signature,
}: {
  certificate: Uint8Array;
  attributes: Uint8Array;
  signature: Uint8Array;
}): void => {
  const { publicKey } = new X509Certificate(certificate);
  if (!verify('sha256', attributes, publicKey, signature))
    throw new SignatureFault(
      'signature-not-of-hash',
      'the signature is of something else, or of another key',
    );
};
