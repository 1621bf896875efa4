import { Readable } from 'node:stream';
import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Answer } from '#hub/platform/http/answer.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import {
  claimKey,
  giveUpKey,
  giveUpRunning,
  keepAnswer,
  type RequestKey,
  removeOldKeys,
  renewLease,
} from '#hub/platform/http/idempotency-store.ts';
import type { Log } from '#hub/platform/log.ts';
import type { Secrets } from '#hub/platform/secrets.ts';

/** `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07). */
export interface Idempotency {
  /**
   * Does `work` once per key of a client and gives its answer again to whoever repeats the same request.
   * Errors of the server (5xx) and answers that ask to come again (409, 429) are not kept, nor are streams.
   *
   * A run whose hub was killed is done again after the lease: what it had committed by then the work itself
   * must recognise, as with any request that is repeated without a key.
   *
   * @param clientId whose the keys are
   * @param fingerprint what makes a request the same; kept as a keyed hash
   * @throws {AppError} `idempotency-key-reused` for another request, `idempotency-key-in-use` while it runs
   */
  run(
    request: { clientId: string; key: string; fingerprint: string },
    work: () => Promise<Answer>,
  ): Promise<Answer>;
  /**
   * Frees the keys of a hub that was killed, without the wait for their leases. Only before a hub that has its database
   * to itself takes requests.
   */
  freeRunning(): Promise<void>;
  /** Removes answers older than 48 hours. */
  removeOld(): Promise<number>;
}

const purpose = 'idempotency';
const isKept = ({ status, body }: Answer): boolean =>
  status < 500 && status !== 409 && status !== 429 && !(body instanceof Readable);

export const createIdempotency = ({
  db,
  secrets,
  log,
  leaseMs = 60_000,
}: {
  db: Database;
  secrets: Secrets;
  log: Log;
  leaseMs?: number;
}): Idempotency => {
  const seal = ({ headers, body }: Answer): Buffer =>
    secrets.seal(
      purpose,
      JSON.stringify({
        headers,
        body: body === undefined ? null : Buffer.from(body as Buffer).toString('base64'),
      }),
    );

  const open = (status: number, sealed: Buffer): Answer => {
    const { headers, body } = JSON.parse(secrets.open(purpose, sealed));
    return {
      status,
      headers: { ...headers, 'idempotency-replayed': 'true' },
      body: body === null ? undefined : Buffer.from(body, 'base64'),
    };
  };

  const holdWhile = async (lease: string, key: RequestKey, work: () => Promise<Answer>): Promise<Answer> => {
    const note = (cause: unknown): void =>
      log.error(
        { clientId: key.clientId, cause: describeCause(cause) },
        'an idempotency key was not updated',
      );
    const beat = setInterval(() => renewLease(db, lease, key).catch(note), leaseMs / 3);
    try {
      const answer = await work();
      // The work is done: when its answer cannot be kept the client still gets it.
      if (isKept(answer)) {
        await keepAnswer(db, lease, key, { status: answer.status, answer: seal(answer) }).catch(note);
      } else await giveUpKey(db, lease, key).catch(note);
      return answer;
    } catch (error) {
      await giveUpKey(db, lease, key).catch(note);
      throw error;
    } finally {
      clearInterval(beat);
    }
  };

  return {
    async run({ clientId, key, fingerprint }, work) {
      const request = { clientId, key, requestHash: secrets.keyedHash(purpose, fingerprint) };
      const claim = await claimKey(db, request, leaseMs);
      switch (claim.is) {
        case 'ours':
          return holdWhile(claim.lease, request, work);
        case 'answered':
          return open(claim.status, claim.answer);
        case 'reused':
          throw new AppError('idempotency-key-reused');
        case 'running':
          throw new AppError('idempotency-key-in-use');
      }
    },
    freeRunning: () => giveUpRunning(db),
    removeOld: () => removeOldKeys(db),
  };
};
