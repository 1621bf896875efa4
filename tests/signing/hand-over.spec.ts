import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { keepBrought } from '#hub/signing/agent/call-store.ts';
import { handOver } from '#hub/signing/hand-over.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { authoriseSteps, refuseStep, waitingSteps } from '#hub/signing/step-store.ts';
import type { Credential } from '#schemas/signer.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

describe('What waits for somebody who left', () => {
  let signing: SigningHub;
  before(async () => {
    signing = await startSigning();
  });
  after(async () => {
    await signing?.stop();
  });

  const ask = async (appId: string): Promise<string> => {
    const { id } = await receiveRequest(
      { ...signing.hub.context, workers: sharedWorkers },
      {
        input: {
          ...{ documentId: `VB-${appId}`, title: 'Tờ trình', fileName: 'to-trinh.pdf' },
          steps: [{ signer: { staffId: signing.clerk } }, { signer: { staffId: signing.leader } }],
        },
        ...{ file: onePage(), appId, actor: 'client/test' },
      },
    );
    return id;
  };
  const give = (appId?: string) =>
    handOver(signing.hub.context, {
      ...{ staffId: signing.clerk, toStaffId: signing.leader, appId, actor: 'client/test' },
    });
  const waitFor = async (staffId: string): Promise<string[]> =>
    (await signing.hub.call('signing.waiting', { staffId })).map(({ requestId }) => requestId).sort();

  it('stays theirs as long as they work', async () => {
    const id = await ask('portal');
    await assert.rejects(
      give(),
      (error: unknown) => error instanceof AppError && error.code === 'invalid-request',
    );
    assert.deepEqual(await waitFor(signing.clerk), [id]);
  });

  it('is given to another person once, of one app or of all, and stands in the trail', async () => {
    const other = await ask('document-system');
    const [portal] = (await waitFor(signing.clerk)).filter(id => id !== other);
    await signing.hub.call('staff.apply', {
      changes: [
        { staffId: signing.clerk, origin: '1', record: { name: 'Trần Thị Hoà', status: 'left' } },
      ] as never,
      ...{ source: 'test', actor: 'test' },
    });
    assert.deepEqual(await give('document-system'), { requestIds: [other] });
    assert.deepEqual(await waitFor(signing.leader), [other]);
    assert.deepEqual(await give(), { requestIds: [portal] });
    assert.deepEqual(await waitFor(signing.leader), [other, portal].sort());
    assert.deepEqual(await give(), { requestIds: [] });
    const { rows } = await sql<{ object: string }>`
      select object from audit where action = 'signing.handed-over'`.execute(signing.hub.db);
    assert.deepEqual(
      rows.map(({ object }) => object),
      [`staff/${signing.clerk}`, `staff/${signing.clerk}`],
    );
  });

  it('is not decided by what was judged while it was still theirs', async () => {
    const { db } = signing.hub;
    const [now] = await waitingSteps(db, { staffIds: [signing.leader], unitIds: [], after: undefined });
    const step = { ...now!, staffId: signing.clerk, delegationId: null, decidedBy: signing.clerk };
    const credential: Credential = {
      ...{ id: 'k', certificate: '', chain: [], status: 'active', asks: [], maxHashes: 1 },
    };
    const key = { route: 'embedded', userId: 'x', credential };
    const made = { increment: Buffer.alloc(0), attributes: Buffer.alloc(0), timeStamp: null };
    const places = { contentsAt: 0, contentsBytes: 0, baseParts: 1 };
    const leave = { transactionId: randomUUID(), session: Buffer.alloc(0) };
    await inTransaction(db, async tx => {
      const given = { ...key, ...leave, sessionUntil: new Date().toISOString(), decidedBy: signing.clerk };
      assert.equal(await authoriseSteps(tx, given, [{ ...step, ...made, ...places }]), 0);
      assert.equal(await keepBrought(tx, { ...step, ...key, ...made, ...places }), false);
      assert.equal(await refuseStep(tx, step, { ...step, delegationId: null }, { code: 'x' }), undefined);
    });
    assert.ok((await waitFor(signing.leader)).includes(now!.requestId));
  });
});
