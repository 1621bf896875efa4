import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { SigningRequest } from '#schemas/signing.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, makeFolder } from '#tests/signature/pdf/outside.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';
import {
  countArrived,
  movedSince,
  raisedOnce,
  registerByCode,
  waitForLinks,
  waitForRegister,
  waitUntilInStep,
} from './follow-changes.ts';
import type { RunningHub } from './run-hub.ts';
import { signerAtDesk } from './signer-at-desk.ts';
import { makeRows, makeWorkbook, readReports, sendImport, waitForImport } from './staff-workbook.ts';

describe('A hub that ends in the middle of its work', function () {
  this.timeout(180_000);
  let embedded: EmbeddedHub;
  before(async () => {
    embedded = await embeddedHub();
  });

  /** So slow that the spec can step in, yet no fault. */
  const slowDown = async (): Promise<void> => {
    for (const app of ['operations-page', 'document-system', 'portal'])
      await embedded.hub.fault(app, { mode: 'slow', delayMs: 150 });
  };

  it('brings every HR change to every app once after kill -9 in the middle of a fan-out', async () => {
    const { hub, planted } = embedded;
    const before = await registerByCode(hub);
    await slowDown();
    const moved = await hub.act({ action: 'many', kind: 'move', count: 140 });
    const raised = await hub.act({ action: 'many', kind: 'raise', count: 140 });
    const arrived = await waitUntil(
      'some changes to arrive',
      async () => {
        const count = await countArrived(hub, 'operations-page', moved.codes, before);
        return count >= 10 && count;
      },
      { withinMs: 60_000 },
    );
    assert.ok(arrived < 140, 'everything had arrived already');
    await hub.kill();
    const again = await embedded.restart();
    assert.ok((await countArrived(again, 'operations-page', moved.codes, before)) >= arrived);
    await waitForRegister(again, moved.codes, movedSince(before));
    await waitForRegister(again, raised.codes, raisedOnce(before));
    await waitUntilInStep(again, planted);
    await waitForLinks(again, moved.codes);
  });

  it('finishes an import after kill -9, with every row reported once and every person there once', async () => {
    const { hub, planted } = embedded;
    const rows = makeRows(3000, { every: 10, first: 100_000 });
    const { id } = await sendImport(hub, await makeWorkbook(rows.map(({ cells }) => cells)));
    const seen = await waitForImport(hub, id, ({ rowsDone }) => rowsDone > 0);
    assert.ok(seen.rowsDone < 3001, 'the import had ended already');
    await hub.kill();
    const again = await embedded.restart();
    const report = await waitForImport(again, id);
    assert.equal(report.state, 'done');
    assert.deepEqual(report.counts, { created: 300, refused: 2700 });
    const reports = await readReports(again, id);
    assert.deepEqual(
      reports.map(({ row, outcome }) => [row, outcome]),
      rows.map(({ outcome }, nr) => [nr + 2, outcome]),
    );
    assert.deepEqual(
      (await readdir(again.tempDir)).filter(name => name.startsWith('lienthong-import')),
      [],
      'the file of the killed hub is still there',
    );
    const people = await registerByCode(again);
    for (const { code, outcome } of rows) assert.equal(people.has(code), outcome === 'created', code);
    await waitUntilInStep(again, planted);
  });

  it('signs every document of a batch once after kill -9 in the middle of it', async () => {
    const { hub, dataDir } = embedded;
    const leader = await signerAtDesk(hub.origin, dataDir, 'leader');
    const requests = Array.from({ length: 40 }, (_, at) => ({
      ...{ documentId: `GIET-${at}`, title: `Tờ trình ${at}`, fileName: 'to-trinh.pdf' },
      steps: [{ signer: { staffId: leader.staffId }, level: 'B-T' }],
      file: onePage({ catalog: `/Lang (vi-${at})` }).toString('base64'),
    }));
    const asked = await hub.ask('/api/v1/signing/batches', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requests }),
    });
    const { id } = (await asked.json()) as { id: string };
    const list = async (from: RunningHub) =>
      (await from.get<{ items: SigningRequest[] }>(`/api/v1/signing/requests?limit=50&batchId=${id}`)).items;
    await leader.approve((await list(hub)).flatMap(({ steps }) => steps.map(step => step.id)));
    await hub.kill();
    const again = await embedded.restart();
    const back = async () => (await list(again)).every(({ state }) => state === 'returned');
    await waitUntil('all to be signed', back, { withinMs: 60_000 });
    const folder = makeFolder();
    for (const request of await list(again)) {
      const answer = await again.ask(`/api/v1/signing/requests/${request.id}/file`);
      const judged = askPdfsig(folder.path, new Uint8Array(await answer.arrayBuffer()));
      assert.deepEqual(
        judged.map(({ valid, whole }) => [valid, whole]),
        [[true, true]],
      );
    }
    folder.remove();
  });

  it('drains on Ctrl-C, exits with 0, and goes on after the next start', async () => {
    const { hub, planted } = embedded;
    const before = await registerByCode(hub);
    await slowDown();
    const rows = makeRows(2000, { every: 20, first: 200_000 });
    const file = await makeWorkbook(rows.map(({ cells }) => cells));
    const { codes } = await hub.act({ action: 'many', kind: 'raise', count: 100 });
    const { id } = await sendImport(hub, file);
    await waitUntil(
      'some changes to arrive',
      async () => (await countArrived(hub, 'operations-page', codes, before)) >= 5,
      { withinMs: 60_000 },
    );
    assert.equal(await hub.interrupt(), 0);
    const again = await embedded.restart();
    const report = await waitForImport(again, id);
    assert.deepEqual(report.counts, { created: 100, refused: 1900 });
    await waitForRegister(again, codes, raisedOnce(before));
    await waitUntilInStep(again, planted);
  });
});
