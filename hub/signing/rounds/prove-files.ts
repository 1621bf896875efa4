import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import { collectProofs } from '#hub/signing/collect-proofs.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { fromBase64 } from '#hub/signing/from-base64.ts';
import { proveFile } from '#hub/signing/prove-file.ts';
import { readFile } from '#hub/signing/read-file.ts';
import {
  appendParts,
  leaseRequests,
  moveRequests,
  postponeRequest,
  type RequestRow,
} from '#hub/signing/request-store.ts';
import { retryMs } from '#hub/signing/rounds/retry-ms.ts';
import { returnAtOnce } from '#hub/signing/rounds/return-file.ts';
import type { RoundContext } from '#hub/signing/rounds/sign-authorised.ts';
import { readSettings } from '#hub/signing/settings-store.ts';
import { subjectOf } from '#hub/signing/tell.ts';
import { type Made, signaturesOf } from '#hub/signing/work-store.ts';
import { SignatureFault } from '#signature/fault.ts';

const longestMs = 10 * 60_000;

/** Of a request's signatures: their proofs, and the time-stamp over all of it when the level of one asks for it. */
const prove = async (
  { db }: RoundContext,
  workers: FileWorkers,
  request: RequestRow,
  steps: Made[],
): Promise<Buffer[]> => {
  const settings = await readSettings(db);
  const proofs = await collectProofs(
    steps.map(({ credential, timeStamp }) => ({
      certificate: fromBase64(credential.certificate),
      chain: credential.chain.map(fromBase64),
      timeStamps: timeStamp === null ? [] : [timeStamp],
    })),
    settings,
  );
  const stampFile = steps.some(({ level }) => level === 'B-LTA');
  return proveFile({ workers, settings }, await readFile(db, request), { proofs, stampFile });
};

/** For each certificate of some signatures and time-stamps an authority is asked, and may take its 15 seconds. */
const leaseSeconds = 5 * 60;

/**
 * Adds to a signed file what keeps its signatures valid for years (B-LT, B-LTA). Without it it waits and it is tried
 * again: the level asked for is never lowered. One at a time, so that none is taken for
 * longer than its own work takes. Answers how many it tried.
 */
export const proveFiles = async (context: RoundContext, workers: FileWorkers): Promise<number> => {
  const { db, log, wake } = context;
  const [request] = await leaseRequests(db, 'embedded', { limit: 1, seconds: leaseSeconds });
  if (request === undefined) return 0;
  try {
    const added = await prove(context, workers, request, await signaturesOf(db, request.id));
    await inTransaction(db, async tx => {
      await lockSubjects(tx, [subjectOf(request.id)]);
      for (const [at, bytes] of added.entries())
        await appendParts(tx, [{ requestId: request.id, base: request.parts + at, bytes }]);
      await returnAtOnce(tx, await moveRequests(tx, [request.id], ['embedded'], { state: 'verified' }));
    });
    wake.notify('events');
  } catch (error) {
    const isKnown = error instanceof SignatureFault || error instanceof AppError;
    const code = isKnown ? error.code : 'internal';
    log.warn(
      { request: request.id, code, ...(isKnown ? {} : { cause: String(error) }) },
      'a signed file waits for its proofs',
    );
    await postponeRequest(db, request, { code }, retryMs(request.attempts, { longestMs }));
  }
  return 1;
};
