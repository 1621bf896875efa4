import { defineConnector } from '#connectors/kit/define-connector.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createSameTransaction } from '#connectors/kit/same-transaction.ts';
import type { Authorisation } from '#schemas/signer.ts';
import { createClient } from './client.ts';
import { type SmartcaSettings, toAnswer, toCredential, toSignRequest } from './mapping.ts';

export default defineConnector<SmartcaSettings>(({ settings, maxBytes }) => {
  const client = createClient(settings, maxBytes);
  const same = createSameTransaction<{ session: string; expiresAt: string }>(one =>
    Date.parse(one.expiresAt),
  );
  const byOurId = settings.statusBy === 'transaction_id';

  const ask = async (request: Authorisation, signal: AbortSignal) => {
    const expiresAt = new Date(Date.now() + settings.confirmSeconds * 1000).toISOString();
    try {
      const asked = await client.ask(toSignRequest(request), signal);
      return {
        session: byOurId ? request.transactionId : (asked.tran_code ?? asked.transaction_id),
        expiresAt,
      };
    } catch (error) {
      // An answer that got lost: the service has the transaction, and takes its id only once.
      if (!(error instanceof ConnectorError && error.code === 'refused' && byOurId)) throw error;
      if ((await client.status(request.transactionId, signal).catch(() => undefined)) === undefined)
        throw error;
      return { session: request.transactionId, expiresAt };
    }
  };
  const status = async (session: string, signal: AbortSignal) => {
    const told = await client.status(session, signal);
    return told === undefined
      ? ({ state: 'expired', reason: 'the service does not know the transaction any more' } as const)
      : toAnswer(session, told);
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
        async authorise(request, { signal }) {
          if (request.hashes.length > settings.maxHashes)
            throw new ConnectorError('refused', `at most ${settings.maxHashes} hashes at once`);
          return same.once(request.transactionId, () => ask(request, signal));
        },
        sign: ({ session }, { signal }) => status(session, signal),
        status: ({ session }, { signal }) => status(session, signal),
        // The service has no way to take a question back: it ends when its time is up.
        async cancel({ transactionId }) {
          same.forget(transactionId);
        },
      },
    },
  };
});
