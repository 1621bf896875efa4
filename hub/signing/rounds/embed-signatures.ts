import { inTransaction, isDatabaseAway } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import { completeStep } from '#hub/signing/complete-step.ts';
import { appendParts, countEvents, moveRequests } from '#hub/signing/request-store.ts';
import { retryMs } from '#hub/signing/rounds/retry-ms.ts';
import { returnAtOnce } from '#hub/signing/rounds/return-file.ts';
import type { RoundContext } from '#hub/signing/rounds/sign-authorised.ts';
import { showHolder } from '#hub/signing/signers/show-holder.ts';
import { giveTurn, moveSteps, stepsOf } from '#hub/signing/step-store.ts';
import { subjectOf, tellSigning } from '#hub/signing/tell.ts';
import { postponeSteps, type SignedRow } from '#hub/signing/work-store.ts';
import type { SigningLevel } from '#schemas/signing.ts';
import { SignatureFault } from '#signature/fault.ts';

const longestMs = 10 * 60_000;

/** Levels whose files need proofs behind the last signature. */
const needsProofs = new Set<SigningLevel>(['B-LT', 'B-LTA']);

/** A signed step with what it adds to its file. */
interface Complete {
  row: SignedRow;
  bytes: Buffer;
}

/** What each adds to its file. One whose signature fits nowhere waits with its reason, and holds up no other. */
const completeEach = async ({ db, log }: RoundContext, rows: SignedRow[]): Promise<Complete[]> => {
  const complete: Complete[] = [];
  for (const row of rows)
    try {
      complete.push({ row, bytes: completeStep(row) });
    } catch (error) {
      const code = error instanceof SignatureFault ? error.code : 'internal';
      log.error({ step: row.id, code, cause: String(error) }, 'a signature cannot be put into its file');
      await postponeSteps(db, [row], retryMs(row.attempts, { longestMs }), { code });
    }
  return complete;
};

/** All of them or none. */
const embedTogether = async ({ db }: RoundContext, complete: Complete[]): Promise<void> => {
  const rows = complete.map(({ row }) => row);
  const ids = rows.map(({ requestId }) => requestId);
  await inTransaction(db, async tx => {
    await lockSubjects(tx, ids.map(subjectOf));
    await appendParts(
      tx,
      complete.map(({ row, bytes }) => ({ requestId: row.requestId, base: row.baseParts, bytes })),
    );
    await moveSteps(
      tx,
      rows.map(({ id }) => id),
      ['signed', 'time-stamped'],
      { state: 'verified' },
    );
    const told = await countEvents(tx, ids);
    const byRequest = new Map(rows.map(row => [row.requestId, row]));
    await tellSigning(
      tx,
      'signing.signed',
      'system',
      told.map(request => {
        const row = byRequest.get(request.id)!;
        return {
          request,
          data: { position: row.position, ...showHolder(row), signedAt: row.signedAt!.toISOString() },
        };
      }),
    );
    const goOn = new Set((await giveTurn(tx, ids)).map(({ requestId }) => requestId));
    const ended = ids.filter(id => !goOn.has(id));
    const toProve = new Set(
      (await stepsOf(tx, ended))
        .filter(({ level }) => needsProofs.has(level))
        .map(({ requestId }) => requestId),
    );
    await moveRequests(tx, [...toProve], ['waiting'], { state: 'embedded' });
    const plain = ended.filter(id => !toProve.has(id));
    await returnAtOnce(tx, await moveRequests(tx, plain, ['waiting'], { state: 'verified' }));
  });
};

/**
 * Puts signatures into their files, or beside them, and gives the next signer their turn. Parts are only added: each follows
 * the very parts that its signature was made for. One that cannot be put where it belongs waits, and holds up no other.
 */
export const embedSignatures = async (context: RoundContext, signed: SignedRow[]): Promise<void> => {
  const { db, log, wake } = context;
  const complete = await completeEach(context, signed);
  if (complete.length === 0) return;
  try {
    await embedTogether(context, complete);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    for (const one of complete)
      await embedTogether(context, [one]).catch(async cause => {
        if (isDatabaseAway(cause)) throw cause;
        log.error({ step: one.row.id, cause: String(cause) }, 'a signature is not put into its file');
        await postponeSteps(db, [one.row], retryMs(one.row.attempts, { longestMs }), { code: 'internal' });
      });
  }
  wake.notify('events');
};
