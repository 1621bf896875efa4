import { hashOfAttributes } from '#signature/cms/hash-of-attributes.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';

/** What waits for the signer: `hash` goes to them, `attributes` are kept for `completeDetached`. */
export interface PreparedDetached {
  attributes: Buffer;
  hash: Buffer;
}

/**
 * Prepares a CAdES baseline signature that stands beside its file (`.p7s`, ETSI EN 319 122-1), for formats that have no
 * signature of their own. `digest` is the SHA-256 of the file. `signingTime` is only claimed, and CAdES demands it.
 */
export const prepareDetached = (file: {
  digest: Uint8Array;
  certificate: Uint8Array;
  signingTime?: Date;
}): PreparedDetached => {
  const attributes = signedAttributes({ ...file, signingTime: file.signingTime ?? new Date() });
  return { attributes, hash: hashOfAttributes(attributes) };
};
