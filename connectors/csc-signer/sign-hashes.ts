import { ConnectorError } from '#connectors/kit/errors.ts';
import type { SignatureAnswer } from '#schemas/signer.ts';
import type { CscClient } from './client.ts';
import { type CscSettings, toSignatures, toSignHash } from './mapping.ts';

/** A session is the SAD, or the handle of a question that the holder has yet to answer in the service's app. */
export const sessionOf = (told: { SAD?: string; handle?: string }): string => {
  if (told.SAD !== undefined) return `sad:${told.SAD}`;
  if (told.handle !== undefined) return `handle:${told.handle}`;
  throw new ConnectorError('unexpected-answer', 'the service gives neither a SAD nor a handle');
};

/**
 * A well-formed request that is refused here means that the SAD is spent, too old, or not for these hashes: the API has
 * one word for all of it (`invalid_request`). The holder must be asked anew.
 */
const ended = (error: unknown): SignatureAnswer => {
  if (!(error instanceof ConnectorError && error.code === 'refused')) throw error;
  if (error.vendorCode === 'access_denied') return { state: 'refused', reason: 'the holder refused' };
  return { state: 'expired', reason: `the leave is no longer good (${error.vendorCode})` };
};

export const signHashes = async (
  client: CscClient,
  settings: CscSettings,
  request: { credentialId: string; session: string; hashes: string[] },
  signal: AbortSignal,
): Promise<SignatureAnswer> => {
  let { session } = request;
  try {
    if (session.startsWith('handle:')) {
      session = sessionOf(await client.authorizeCheck({ handle: session.slice('handle:'.length) }, signal));
      if (session.startsWith('handle:')) return { state: 'waiting', session };
    }
    const told = await client.info(request.credentialId, signal);
    const body = toSignHash(request, session.slice('sad:'.length), told, settings);
    const { signatures } = await client.signHash(body, signal);
    return { state: 'signed', signatures: toSignatures(signatures, request.hashes.length) };
  } catch (error) {
    return ended(error);
  }
};
