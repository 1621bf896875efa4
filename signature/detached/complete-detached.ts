import { buildCms } from '#signature/cms/build-cms.ts';
import { checkSignature } from '#signature/cms/check-signature.ts';

/** The `.p7s`, or with `content` a CMS that carries the file: level B-T with `timeStamp` (a token over the signature's SHA-256), else B-B. Throws `signature-not-of-hash`. */
export const completeDetached = (signed: Parameters<typeof buildCms>[0]): Buffer => {
  checkSignature(signed);
  return buildCms(signed);
};
