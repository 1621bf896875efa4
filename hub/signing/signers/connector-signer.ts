import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { findAccount, type SigningRoute } from '#hub/signing/route-store.ts';
import type { Signer } from '#hub/signing/signers/signer.ts';
import type { Credential, SignatureAnswer } from '#schemas/signer.ts';

/** A service of somebody else, through the port `signer` of its connector. */
export const createConnectorSigner = (
  { call, db }: Pick<PartContext, 'call' | 'db'>,
  { id: routeId, connector }: Pick<SigningRoute, 'id' | 'connector'>,
): Signer => {
  const invoke = async <T>(method: string, input: unknown): Promise<T> => {
    const answer = await call(
      'connectors.invoke',
      { id: connector ?? '', port: 'signer', method, input: [input] },
      { timeoutMs: 60_000 },
    );
    if (answer.ok) return answer.result as T;
    // Only a refusal is an answer; the rest may be tried again, here or elsewhere.
    if (answer.code === 'refused')
      throw new AppError('signing-refused', { route: routeId, reason: answer.message });
    throw new AppError('signing-service-unavailable', { route: routeId, code: answer.code });
  };
  return {
    userOf: holder => findAccount(db, routeId, holder),
    certificates: (_holder, userId) => invoke<Credential[]>('certificates', { userId }),
    authorise: request => invoke('authorise', request),
    sign: request => invoke<SignatureAnswer>('sign', request),
    status: transaction => invoke<SignatureAnswer>('status', transaction),
  };
};
