import { createHash } from 'node:crypto';

/** What the signer's key signs: the SHA-256 of the signed attributes (RFC 5652 §5.4). This alone goes to a signing service. */
export const hashOfAttributes = (attributes: Uint8Array): Buffer =>
  createHash('sha256').update(attributes).digest();
