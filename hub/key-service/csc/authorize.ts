import type { Static } from 'typebox';
import { authorise } from '#hub/key-service/authorise.ts';
import { readHashes } from '#hub/key-service/csc/algorithms.ts';
import type { AuthorizeBody } from '#hub/key-service/csc/csc-bodies.ts';
import { CscError } from '#hub/key-service/csc/csc-error.ts';
import { demandKey } from '#hub/key-service/csc/whose-key.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

type Body = Static<typeof AuthorizeBody>;

/** PIN and code, wherever the version puts them. */
const secretsOf = ({ authData, PIN, OTP }: Body): { pin: string; otp?: string } => {
  const given = (id: string) => authData?.find(one => one.id === id)?.value;
  const otp = OTP ?? given('OTP');
  return { pin: PIN ?? given('PIN') ?? '', ...(otp === undefined ? {} : { otp }) };
};

/** What was wrong with them, in the words of the version that was spoken. */
const inItsWords = (error: unknown, { authData }: Body): unknown => {
  if (!(error instanceof AppError)) return error;
  const word = {
    'wrong-pin': 'invalid_pin',
    'wrong-code': 'invalid_otp',
    'second-factor-needed': 'invalid_otp',
  }[error.code as string];
  if (word === undefined) return error;
  return new CscError(error.message, authData === undefined ? word : 'invalid_authentication_data');
};

/** `credentials/authorize` (2.0 §11.6): the SAD is good for exactly these hashes in this order (SCAL 2). */
export const authorize = async (
  context: Pick<PartContext, 'db' | 'call'>,
  caller: Caller,
  body: Body,
): Promise<{ SAD: string; expiresIn: number }> => {
  const hashes = readHashes(body);
  if (hashes.length !== body.numSignatures) throw new CscError('Invalid parameter numSignatures');
  const { row, approver } = await demandKey(context, caller, body.credentialID);
  try {
    const { sad, expiresAt } = await authorise(context, {
      ...{ credentialId: row.id, approver, hashes },
      ...secretsOf(body),
    });
    return { SAD: sad, expiresIn: Math.floor((Date.parse(expiresAt) - Date.now()) / 1000) };
  } catch (error) {
    throw inItsWords(error, body);
  }
};
