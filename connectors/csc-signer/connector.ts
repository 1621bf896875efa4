import { defineConnector } from '#connectors/kit/define-connector.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createSameTransaction } from '#connectors/kit/same-transaction.ts';
import type { Authorisation, SignatureAnswer } from '#schemas/signer.ts';
import { createClient } from './client.ts';
import { type CscSettings, modeOf, toAuthorize, toCredential } from './mapping.ts';
import { sessionOf, signHashes } from './sign-hashes.ts';

/** 2.0 §11.6: how long a SAD is good when the service does not say. */
const defaultLifeSeconds = 3600;
/** How long signatures are kept for a call whose answer got lost. */
const keptMs = 600_000;

export default defineConnector<CscSettings>(({ settings, maxBytes }) => {
  const client = createClient(settings, maxBytes);
  const authorised = createSameTransaction<{ session: string; expiresAt: string }>(one =>
    Date.parse(one.expiresAt),
  );
  // A SAD signs once: the same again must not be told that its leave is spent.
  const signed = createSameTransaction<{ answer: SignatureAnswer; until: number }>(one => one.until);

  const authorise = async (request: Authorisation, signal: AbortSignal) => {
    const told = await client.info(request.credentialId, signal);
    const { status, maxHashes } = toCredential(request.credentialId, told, settings);
    if (modeOf(told) === 'oauth2code')
      throw new ConnectorError('refused', 'the key is authorised in a browser only (oauth2code)');
    if (status !== 'active') throw new ConnectorError('refused', `the key is ${status}`);
    if (request.hashes.length > maxHashes)
      throw new ConnectorError('refused', `at most ${maxHashes} hashes at once`);
    const answer = await client.authorize(toAuthorize(request, settings), signal);
    const lifeMs = (answer.expiresIn ?? defaultLifeSeconds) * 1000;
    return { session: sessionOf(answer), expiresAt: new Date(Date.now() + lifeMs).toISOString() };
  };
  const sign = async (
    request: { transactionId: string; credentialId: string; session: string; hashes: string[] },
    signal: AbortSignal,
  ): Promise<SignatureAnswer> => {
    const { answer } = await signed.once(request.transactionId, async () => {
      const told = await signHashes(client, settings, request, signal);
      if (told.state === 'expired' || told.state === 'refused') authorised.forget(request.transactionId);
      return { answer: told, until: told.state === 'signed' ? Date.now() + keptMs : 0 };
    });
    return answer;
  };

  return {
    testUser: settings.testUser,
    async ping({ signal }) {
      await client.credentialIds(settings.testUser, signal);
    },
    ports: {
      signer: {
        async certificates({ userId }, { signal }) {
          const found = [];
          for (const id of await client.credentialIds(userId, signal)) {
            const told = await client.info(id, signal);
            if (modeOf(told) !== 'oauth2code') found.push(toCredential(id, told, settings));
          }
          return found;
        },
        authorise: (request, { signal }) =>
          authorised.once(request.transactionId, () => authorise(request, signal)),
        sign: (request, { signal }) => sign(request, signal),
        async status({ hashes, ...request }, { signal }) {
          if (hashes === undefined)
            throw new ConnectorError('refused', 'a CSC service signs only with the hashes at hand');
          return sign({ ...request, hashes }, signal);
        },
        // The API has no way to take a leave back: a SAD that is not used ends by itself.
        async cancel({ transactionId }) {
          authorised.forget(transactionId);
        },
      },
    },
  };
});
