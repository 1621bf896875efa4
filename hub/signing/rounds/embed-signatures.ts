import { createHash } from 'node:crypto';
import { inTransaction } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import { appendParts, countEvents, moveRequests, readFile } from '#hub/signing/request-store.ts';
import { returnAtOnce } from '#hub/signing/rounds/return-file.ts';
import type { RoundContext } from '#hub/signing/rounds/sign-authorised.ts';
import { giveTurn, moveSteps, stepsOf, type WorkRow } from '#hub/signing/step-store.ts';
import { subjectOf, tellSigning } from '#hub/signing/tell.ts';
import type { SigningLevel } from '#schemas/signing.ts';
import { buildCms } from '#signature/cms/build-cms.ts';
import { completeSignature } from '#signature/pdf/complete-signature.ts';

/** Levels whose files need proofs behind the last signature. */
const needsProofs = new Set<SigningLevel>(['B-LT', 'B-LTA']);

/** The increment with its signature in it. */
const complete = ({ credential, ...step }: WorkRow): Buffer =>
  completeSignature(
    { increment: step.increment, contentsAt: step.contentsAt, contentsBytes: step.contentsBytes },
    buildCms({
      attributes: step.attributes,
      signature: step.signature!,
      certificate: Buffer.from(credential.certificate, 'base64'),
      chain: credential.chain.map(text => Buffer.from(text, 'base64')),
      ...(step.timeStamp === null ? {} : { timeStamp: step.timeStamp }),
    }),
  );

const signerOf = ({ staffId, unitId }: WorkRow): Record<string, string> => ({
  ...(staffId === null ? {} : { staffId }),
  ...(unitId === null ? {} : { unitId }),
});

/**
 * Puts signatures into their files and gives the next signer their turn. The file only grows: what is added follows the
 * very parts that the signature was made for.
 */
export const embedSignatures = async ({ db, wake }: RoundContext, rows: WorkRow[]): Promise<void> => {
  const additions = await Promise.all(
    rows.map(async row => {
      const bytes = complete(row);
      const current = createHash('sha256')
        .update(await readFile(db, row.requestId, row.baseParts))
        .update(bytes)
        .digest();
      return { requestId: row.requestId, base: row.baseParts, bytes, current };
    }),
  );
  const ids = rows.map(({ requestId }) => requestId);
  await inTransaction(db, async tx => {
    await lockSubjects(tx, ids.map(subjectOf));
    await appendParts(tx, additions);
    await moveSteps(
      tx,
      rows.map(({ id }) => id),
      ['signed', 'time-stamped'],
      { state: 'verified' },
    );
    const told = await countEvents(tx, ids);
    await tellSigning(
      tx,
      'signing.signed',
      'system',
      told.map(request => {
        const row = rows.find(({ requestId }) => requestId === request.id)!;
        return {
          request,
          data: { position: row.position, ...signerOf(row), signedAt: row.signedAt!.toISOString() },
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
  wake.notify('events');
};
