import type { Static } from 'typebox';
import type { TimestampBody } from '#hub/key-service/csc/csc-bodies.ts';
import { answerNotOffered, CscError } from '#hub/key-service/csc/csc-error.ts';
import { readBase64 } from '#hub/key-service/csc/read-base64.ts';
import type { Reply } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { hashName } from '#signature/certificates/verify-signed.ts';

const hashBytes = { sha256: 32, sha384: 48, sha512: 64 };

/**
 * `signatures/timestamp` (2.0 §11.13): the token of the province's authority over a hash, base64; 501 while none is set up.
 *
 * @throws CscError, AppError `time-stamp-unavailable`
 */
export const timestamp = async (
  { call }: Pick<PartContext, 'call'>,
  { hash, hashAlgo, nonce }: Static<typeof TimestampBody>,
): Promise<{ timestamp: string } | Reply> => {
  if (!(await call('signing.offers', {})).timeStamps) return answerNotOffered('signatures/timestamp');
  const algorithm = hashName(hashAlgo);
  if (algorithm === undefined || algorithm === 'weak')
    throw new CscError('Invalid parameter hashAlgo: SHA-256, SHA-384 or SHA-512');
  readBase64(hash, 'hash', hashBytes[algorithm]);
  const asked = { hash, algorithm, ...(nonce === undefined ? {} : { nonce }) };
  return { timestamp: (await call('signing.time-stamp', asked)).token };
};
