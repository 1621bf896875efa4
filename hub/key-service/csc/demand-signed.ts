import { CscError } from '#hub/key-service/csc/csc-error.ts';
import type { SignatureAnswer } from '#schemas/signer.ts';

/** Why nothing is signed, in the words of the API (2.0 §11.10). Pure. */
export const cannotSign = (answer: Exclude<SignatureAnswer, { state: 'signed' }>): CscError => {
  if (answer.state !== 'expired') return new CscError('The credential cannot sign now');
  if (answer.reason === 'expired') return new CscError('SAD expired');
  if (answer.reason === 'spent') return new CscError('Invalid parameter SAD: it was used already');
  return new CscError('Invalid parameter SAD, or hash is not authorized by the SAD');
};

/** Raw signatures, base64. @throws CscError */
export const demandSigned = (answer: SignatureAnswer): string[] => {
  if (answer.state !== 'signed') throw cannotSign(answer);
  return answer.signatures;
};
