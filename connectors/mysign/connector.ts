import { defineConnector } from '#connectors/kit/define-connector.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createSameTransaction } from '#connectors/kit/same-transaction.ts';
import { oneForEach } from '#connectors/kit/signature-value.ts';
import type { Authorisation, SignatureAnswer } from '#schemas/signer.ts';
import { createClient } from './client.ts';
import { type MysignSettings, toAnswer, toCredential, toSignRequest } from './mapping.ts';

export default defineConnector<MysignSettings>(({ settings, maxBytes }) => {
  const client = createClient(settings, maxBytes);
  const same = createSameTransaction<{ session: string; expiresAt: string }>(one =>
    Date.parse(one.expiresAt),
  );

  const ask = async (request: Authorisation, signal: AbortSignal) => {
    const { userId, credentialId } = request;
    const told = (await client.certificates(userId, signal)).find(one => one.credential_id === credentialId);
    if (told === undefined) throw new ConnectorError('not-found', 'the holder has no such key');
    const { status, maxHashes } = toCredential(told, settings);
    if (status !== 'active') throw new ConnectorError('refused', `the key is ${status}`);
    if (request.hashes.length > maxHashes)
      throw new ConnectorError('refused', `at most ${maxHashes} hashes at once`);
    const expiresAt = new Date(Date.now() + settings.confirmSeconds * 1000).toISOString();
    const asked = await client.ask(userId, toSignRequest(request, told.key.algo[0] as string), signal);
    return { session: asked.transactionId, expiresAt };
  };
  const status = async (
    request: { session: string; transactionId: string; userId: string; hashes?: string[] },
    signal: AbortSignal,
  ): Promise<SignatureAnswer> => {
    const { session, transactionId, userId, hashes } = request;
    const answer = toAnswer(session, await client.status(userId, session, signal));
    if (answer.state === 'signed') oneForEach(answer.signatures, hashes?.length ?? answer.signatures.length);
    else if (answer.state !== 'waiting') same.forget(transactionId);
    return answer;
  };

  return {
    testUser: settings.testUser,
    async ping({ signal }) {
      await client.certificates(settings.testUser, signal);
    },
    ports: {
      signer: {
        async certificates({ userId }, { signal }) {
          return (await client.certificates(userId, signal)).map(one => toCredential(one, settings));
        },
        authorise: (request, { signal }) => same.once(request.transactionId, () => ask(request, signal)),
        sign: (request, { signal }) => status(request, signal),
        status: (request, { signal }) => status(request, signal),
        // The service has no way to take a question back: it ends when its time is up.
        async cancel({ transactionId }) {
          same.forget(transactionId);
        },
      },
    },
  };
});
