import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import { fetchProof } from '#hub/signing/fetch-proof.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { postTimeStampTo } from '#hub/signing/post-time-stamp.ts';
import { readFile } from '#hub/signing/read-file.ts';
import {
  appendParts,
  leaseRequests,
  moveRequests,
  postponeRequest,
  type RequestRow,
} from '#hub/signing/request-store.ts';
import { returnAtOnce } from '#hub/signing/rounds/return-file.ts';
import type { RoundContext } from '#hub/signing/rounds/sign-authorised.ts';
import { readSettings } from '#hub/signing/settings-store.ts';
import { subjectOf } from '#hub/signing/tell.ts';
import { type Made, signaturesOf } from '#hub/signing/work-store.ts';
import { buildPath } from '#signature/certificates/build-path.ts';
import { collectRevocation } from '#signature/certificates/collect-revocation.ts';
import { SignatureFault } from '#signature/fault.ts';
import { completeSignature } from '#signature/pdf/complete-signature.ts';
import { readTimeStamp } from '#signature/time-stamp/read-time-stamp.ts';
import { requestTimeStamp } from '#signature/time-stamp/request-time-stamp.ts';

const retryMs = (attempts: number): number => Math.min(10 * 60_000, 1000 * 2 ** Math.min(attempts, 10));

interface Proofs {
  certificates: Buffer[];
  ocsps: Buffer[];
  crls: Buffer[];
}

/** Everything that shows that certificates were good: of signers, of time-stamps, and of those who issued them. */
const collect = async (
  steps: Made[],
  { roots, intermediates }: { roots: Buffer[]; intermediates: Buffer[] },
): Promise<Proofs> => {
  const proofs: Proofs = { certificates: [], ocsps: [], crls: [] };
  const take = async (certificate: Buffer, others: Buffer[]): Promise<void> => {
    const { path } = buildPath({ certificate, others: [...others, ...intermediates], roots, at: new Date() });
    const found = await collectRevocation({ path, fetch: fetchProof });
    const missing = found.judged.find(({ status }) => status !== 'good');
    if (missing !== undefined)
      throw new SignatureFault('revocation-unavailable', missing.status, missing.certificate.subject);
    proofs.certificates.push(...path.map(({ der }) => der), ...found.certificates);
    proofs.ocsps.push(...found.ocsps);
    proofs.crls.push(...found.crls);
  };
  for (const { credential, timeStamp } of steps) {
    const chain = credential.chain.map(text => Buffer.from(text, 'base64'));
    await take(Buffer.from(credential.certificate, 'base64'), chain);
    if (timeStamp === null) continue;
    const { cms } = readTimeStamp(timeStamp);
    await take(cms.signer!.der, cms.certificates);
  }
  return proofs;
};

/** The increments that carry the proofs, and the time-stamp over all of it when the level asks for one. */
const prove = async (
  { db }: RoundContext,
  workers: FileWorkers,
  request: RequestRow,
  steps: Made[],
): Promise<Buffer[]> => {
  const { timeStampUrl, ...trust } = await readSettings(db);
  const file = await readFile(db, request);
  const { increment } = await workers.run('prove', { file, proofs: await collect(steps, trust) });
  const added = increment.length === 0 ? [] : [Buffer.from(increment)];
  if (!steps.some(({ level }) => level === 'B-LTA')) return added;
  if (timeStampUrl === undefined)
    throw new SignatureFault('time-stamp-unavailable', 'no time-stamp authority is set up');
  const { digest, ...prepared } = await workers.run('room', { file: Buffer.concat([file, ...added]) });
  const { token } = await requestTimeStamp({ imprint: digest, post: postTimeStampTo(timeStampUrl), trust });
  return [...added, completeSignature({ ...prepared, increment: Buffer.from(prepared.increment) }, token)];
};

/**
 * Adds to signed files what keeps their signatures valid for years (B-LT, B-LTA). Without it they wait and it is tried
 * again: the level asked for is never lowered. Answers how many it tried.
 */
export const proveFiles = async (context: RoundContext, workers: FileWorkers): Promise<number> => {
  const { db, log, wake } = context;
  const rows = await leaseRequests(db, 'embedded', 4);
  for (const request of rows)
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
      const known = error instanceof SignatureFault || error instanceof AppError;
      if (!known) throw error;
      log.warn({ request: request.id, code: error.code }, 'a signed file waits for its proofs');
      await postponeRequest(db, request.id, { code: error.code }, retryMs(request.attempts));
    }
  return rows.length;
};
