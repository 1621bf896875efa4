import { inTransaction, isDatabaseAway, type Tx } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { leaseRequests, moveRequests, postponeRequest, type RequestRow } from '#hub/signing/request-store.ts';
import { retryMs } from '#hub/signing/rounds/retry-ms.ts';
import type { RoundContext } from '#hub/signing/rounds/sign-authorised.ts';
import { stepsOf } from '#hub/signing/step-store.ts';
import { subjectOf, tellSigning } from '#hub/signing/tell.ts';

const longestMs = 30 * 60_000;

/** A file of 100 MB is held as bytes and, for its app, as text that is longer by a third. */
const filesAtOnce = 3;

/** What is told of requests whose files are ready. */
const returnedFacts = async (
  tx: Tx,
  requests: RequestRow[],
): Promise<{ request: RequestRow; data: Record<string, unknown> }[]> => {
  const steps = Map.groupBy(
    await stepsOf(
      tx,
      requests.map(({ id }) => id),
    ),
    ({ requestId }) => requestId,
  );
  return requests.map(request => {
    const own = steps.get(request.id) ?? [];
    const seal = own.findLast(({ unitId }) => unitId !== null);
    return {
      request,
      data: {
        signedAt: own.at(-1)!.signedAt!.toISOString(),
        ...(seal === undefined ? {} : { unitId: seal.unitId }),
        ...(request.number === null ? {} : { number: request.number }),
        ...(request.issuedOn === null ? {} : { issuedOn: request.issuedOn }),
        sha256: request.current,
      },
    };
  });
};

/** What nobody asked to put back is ready as soon as it is signed. */
export const returnAtOnce = async (tx: Tx, requests: RequestRow[]): Promise<void> => {
  const ids = requests.filter(({ putBack }) => !putBack).map(({ id }) => id);
  if (ids.length === 0) return;
  const returned = await moveRequests(tx, ids, ['verified'], { state: 'returned' });
  await tellSigning(tx, 'signing.returned', 'system', await returnedFacts(tx, returned));
};

/** What an app says of the document itself: asking again changes nothing. */
const givenUp = new Set(['refused', 'not-found', 'conflict']);

/** The file stays here, signed, for whoever fetches it. */
const giveUp = (db: RoundContext['db'], request: RequestRow): Promise<void> =>
  inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOf(request.id)]);
    const reason = { code: 'connector-failed' };
    const failed = await moveRequests(tx, [request.id], ['verified'], { state: 'failed', reason });
    const facts = failed.map(one => ({ request: one, data: reason }));
    await tellSigning(tx, 'signing.failed', 'system', facts);
  });

/** Tries it again after a while. */
const later = (
  db: RoundContext['db'],
  request: RequestRow & { attempts: number },
  code: 'connector-failed' | 'internal',
): Promise<void> => postponeRequest(db, request, { code }, retryMs(request.attempts, { longestMs }));

/** Asks the app to take its file: what came of it is kept, whatever it was. */
const putBack = async (
  { db, call, log, wake }: RoundContext,
  request: RequestRow & { attempts: number },
): Promise<void> => {
  const app = await call('apps.get', { id: request.appId });
  const file = await readFile(db, request);
  const answer = await call('connectors.invoke', {
    id: app.connector ?? '',
    port: 'signingSource',
    method: 'putBack',
    input: [
      {
        documentId: request.documentId,
        fileName: request.fileName,
        base64: file.toString('base64'),
        ...(request.number === null ? {} : { number: request.number }),
        ...(request.issuedOn === null ? {} : { date: request.issuedOn }),
      },
    ],
  });
  if (!answer.ok) {
    log.warn({ app: app.id, code: answer.code }, 'a signed file was not put back');
    return givenUp.has(answer.code) ? giveUp(db, request) : later(db, request, 'connector-failed');
  }
  await inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOf(request.id)]);
    const returned = await moveRequests(tx, [request.id], ['verified'], { state: 'returned' });
    await tellSigning(tx, 'signing.returned', 'system', await returnedFacts(tx, returned));
  });
  wake.notify('events');
};

/** Puts signed files back into their apps, again and again until the app takes them, or says that it never will (`failed`). Answers how many it tried. */
export const returnFiles = async (context: RoundContext): Promise<number> => {
  const { db, log } = context;
  const rows = await leaseRequests(db, 'verified', { limit: filesAtOnce, seconds: 60 });
  await Promise.all(
    rows.map(request =>
      putBack(context, request).catch(async error => {
        if (isDatabaseAway(error)) throw error;
        log.error({ request: request.id, cause: String(error) }, 'a signed file was not put back');
        await later(db, request, 'internal');
      }),
    ),
  );
  return rows.length;
};
