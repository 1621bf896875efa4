import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { openDatabase } from '#hub/platform/database.ts';
import { waitUntil as waitFor } from '#hub/platform/embedded/wait-until.ts';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import { createDocumentSystem, servicePath } from '#sandbox/document-system/document-system.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, askQpdf, makeFolder } from '#tests/signature/pdf/outside.ts';
import { runNode, type SigningNode } from '#tests/signing/run-node.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createMigratedDatabase } from '#tests/support/test-hub.ts';

interface HeldDocument {
  id: string;
  number: string;
  version: number;
  sha256: string;
}

const count = 4;
const pin = '135790';
const actor = 'test';
const ids = Array.from({ length: count }, (_, at) => `VB-${at + 1}`);
const waitUntil = (what: string, probe: () => Promise<boolean>) => waitFor(what, probe, { withinMs: 60_000 });

describe('A batch whose hub is killed at each of its steps', function () {
  this.timeout(300_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-killed-'));
  const folder = makeFolder();
  let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
  let db: Kysely<never>;
  let authority: RunningAuthority;
  let documents: RunningApp;
  let node: SigningNode;
  /** While it lasts the document system keeps to itself that it took a file. */
  let silence: Promise<void> | undefined;
  let taken = 0;
  const holds: (() => Promise<void>)[] = [];

  before(async () => {
    database = await createMigratedDatabase();
    db = openDatabase(database.url, 4) as never;
    authority = await startAuthority();
    const credentials = { username: 'lienthong', password: 'mat-khau-cua-truc-lien-thong' };
    const app = createDocumentSystem({ accounts: contractAccounts(1), credentials });
    documents = await serveApp({
      ...app,
      async handle(request) {
        const answer = await app.handle(request);
        if (request.body.includes('CapNhatTepVanBan')) taken += 1;
        await silence;
        return answer;
      },
    });
    await start();
    await node.call('apps.put', {
      app: {
        ...{ id: 'document-system', name: 'Quản lý văn bản', owner: 'TTCNTT', enabled: true },
        connector: 'document-system',
        settings: { endpoint: documents.origin + servicePath, ...credentials },
        entitlement: { purpose: 'Ký số', attributes: ['username'] },
      },
      actor,
    });
  });
  after(async () => {
    await node?.kill();
    for (const release of holds) await release();
    await documents?.stop();
    await authority?.stop();
    await db?.destroy();
    await database?.drop();
    rmSync(dataDir, { recursive: true });
    folder.remove();
  });

  const start = async (): Promise<void> => {
    node = await runNode({ databaseUrl: database.url, dataDir });
  };
  const fault = (mode: string, path: string) =>
    fetch(`${authority.origin}/_faults`, { method: 'POST', body: JSON.stringify({ mode, path }) });
  const draft = (id: string, base64: string) =>
    fetch(`${documents.origin}/_actions`, {
      method: 'POST',
      body: JSON.stringify({ action: 'draft', id, fileName: `${id}.pdf`, base64 }),
    });
  const held = async (): Promise<HeldDocument[]> =>
    (await fetch(`${documents.origin}/_state/documents`)).json() as Promise<HeldDocument[]>;

  /** A key in the token, with its certificate and PIN. */
  const makeKey = async (holder: { staffId: string } | { unitId: string }, name: string): Promise<string> => {
    const { credentialId, request } = await node.call('key-service.create', {
      ...{ ...holder, subject: { CN: name, C: 'VN' }, algorithm: 'ec-p256', pin, actor },
    });
    const purpose = 'staffId' in holder ? 'person' : 'seal';
    const certificate = await authority.issue({ request: Buffer.from(request, 'base64'), purpose });
    await node.call('key-service.install', {
      credentialId,
      certificate: certificate.toString('base64'),
      chain: [authority.issuing.toString('base64')],
      actor,
    });
    return credentialId;
  };
  const approve = async (staffId: string, numbered: boolean): Promise<void> => {
    const steps = await node.call('signing.waiting', { staffId });
    const numbers = Object.fromEntries(
      steps.map(({ stepId }, at) => [stepId, { number: `${at + 1}/QĐ-UBND`, date: '2026-03-02' }]),
    );
    const outcomes = await node.call('signing.decide', {
      staffId,
      stepIds: steps.map(({ stepId }) => stepId),
      decision: 'approve',
      pin,
      factorAt: new Date().toISOString(),
      ...(numbered ? { numbers } : {}),
    });
    assert.deepEqual(
      outcomes.map(({ ok, code }) => [ok, code]),
      ids.map(() => [true, undefined]),
    );
  };
  const query = async <T>(text: string): Promise<T[]> => (await sql.raw<T>(text).execute(db)).rows;
  const countOf = async (text: string): Promise<number> =>
    (await query<{ count: number }>(`select count(*)::int as count from ${text}`))[0]!.count;
  /** Holds the rows of a table, so that whoever writes to them waits. */
  const holdRows = async (table: string): Promise<() => Promise<void>> => {
    const holding = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const done = db.transaction().execute(async tx => {
      await sql.raw(`select 1 from ${table} for update`).execute(tx);
      holding.resolve();
      await over.promise;
    });
    await holding.promise;
    const release = async (): Promise<void> => {
      over.resolve();
      await done;
    };
    holds.push(release);
    return release;
  };
  /** What a hub had asked when it was killed stands there too. */
  const waitForBlocked = (statement: string, times = 1) =>
    waitUntil(`${statement} to be held`, async () => {
      const blocked = await query<{ query: string }>(
        `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return blocked.filter(one => one.query.includes(statement)).length >= times;
    });
  const inState = (state: string) => countOf(`signing_step where state = '${state}'`);

  it('is signed once for each step, and given back whole', async () => {
    const drafts = new Map(ids.map(id => [id, onePage({ catalog: `/Lang (${id})` })]));
    for (const [id, file] of drafts) await draft(id, file.toString('base64'));
    await node.call('units.load', { units: readAdministrativeUnits().slice(0, 1), source: actor, actor });
    const [unit] = await node.call('units.list', {});
    const hired = await node.call('staff.apply', {
      changes: ['Phạm Thị Đức', 'Trần Thị Hoà'].map((name, at) => ({
        origin: String(at),
        record: { name, code: `00000${at}`, mainPosition: { unit: unit!.code, title: 'Chuyên viên' } },
        mainUnitId: unit!.id,
      })),
      ...{ source: actor, actor },
    });
    const [leader, clerk] = hired.map(({ staffId }) => staffId!) as [string, string];
    await node.call('signing.set-settings', {
      timeStampUrl: authority.timeStampUrl,
      roots: [authority.root.toString('base64')],
      intermediates: [authority.issuing.toString('base64')],
      actor,
    });
    await makeKey({ staffId: leader }, 'Phạm Thị Đức');
    const seal = await makeKey({ unitId: unit!.id }, 'Ủy ban nhân dân tỉnh');
    await node.call('key-service.set-holders', { credentialId: seal, staffIds: [clerk], actor });
    const requests = ids.map(documentId => ({
      ...{ documentId, title: documentId, fileName: `${documentId}.pdf`, reserve: true, putBack: true },
      steps: [
        { signer: { staffId: leader }, level: 'B-T' },
        { signer: { unitId: unit!.id }, numbers: true, level: 'B-LTA' },
      ],
    }));
    const batch = await node.post('/api/v1/signing/batches', { requests }, 'document-system');
    assert.equal(await inState('waiting'), count, JSON.stringify(batch));

    // After leave was given: the token hangs.
    process.kill((await node.tokenPid())!, 'SIGSTOP');
    await approve(leader, false);
    await waitUntil(
      'the token to be asked',
      async () => (await countOf('signing_step where attempts > 0')) === count,
    );
    await node.kill();
    assert.equal(await inState('authorised'), count);

    // After the token has signed, before the key service has kept it.
    let release = await holdRows('signing_leave');
    await start();
    await waitForBlocked('update signing_leave');
    await node.kill();

    // After the key service has kept it, before the request has.
    await start();
    await waitForBlocked('update signing_leave', 2);
    const releaseSteps = await holdRows('signing_step');
    await release();
    await waitForBlocked("update signing_step s set state = 'signed'");
    await node.kill();

    // After the signature was kept, before its time-stamp.
    await fault('hang', '/tsa');
    await releaseSteps();
    await start();
    await waitUntil(
      'time-stamps to be asked for',
      async () => (await countOf(`signing_step where state = 'signed' and attempts > 0`)) === count,
    );
    await node.kill();

    // Before signatures are put into their files.
    release = await holdRows('signing_request');
    await fault('ok', '');
    await start();
    await waitForBlocked('update signing_request set parts');
    await node.kill();
    assert.equal(await inState('time-stamped'), count);
    await release();

    // The seal: after it was put in, before the proofs.
    await start();
    await waitUntil('the clerk to have all', async () => (await inState('waiting')) === count);
    await fault('hang', '/ocsp');
    await approve(clerk, true);
    await waitUntil(
      'proofs to be asked for',
      async () => (await countOf(`signing_request where state = 'embedded' and attempts > 0`)) === count,
    );
    await node.kill();
    await fault('ok', '');

    // After the document system has taken the files, before it said so.
    const speaking = Promise.withResolvers<void>();
    silence = speaking.promise;
    taken = 0;
    await start();
    await waitUntil('the document system to have all', async () => taken === count);
    await node.kill();
    silence = undefined;
    speaking.resolve();
    assert.equal(await countOf(`signing_request where state = 'verified'`), count);
    await start();
    await waitUntil(
      'all to be given back',
      async () => (await countOf(`signing_request where state = 'returned'`)) === count,
    );

    assert.equal(await countOf(`audit where action = 'signing-key.signed'`), 2, 'one leave for each signer');
    const kept = await query<{ id: string; name: string; current: string }>(
      `select id, document_id as name, encode(current, 'hex') as current from signing_request`,
    );
    const back = new Map((await held()).map(one => [one.id, one]));
    for (const { id, name, current } of kept) {
      assert.deepEqual([back.get(name)!.version, back.get(name)!.sha256], [2, current], name);
      const events = await query<{ type: string; version: number }>(
        `select type, subject_version::int as version from event where subject = 'signing/${id}' order by position`,
      );
      assert.deepEqual(
        events.map(({ type, version }) => [type.split('.')[3], version]),
        ['received', 'signed', 'signed', 'returned'].map((type, at) => [type, at + 1]),
      );
      const parts = await query<{ bytes: Buffer }>(
        `select bytes from signing_part where request_id = '${id}' order by number`,
      );
      const file = Buffer.concat(parts.map(({ bytes }) => bytes));
      assert.equal(createHash('sha256').update(file).digest('hex'), current);
      assert.ok(file.subarray(0, drafts.get(name)!.length).equals(drafts.get(name)!));
      // pdfsig does not judge the time-stamp over the proofs, the third.
      assert.deepEqual(
        askPdfsig(folder.path, file).map(({ valid }) => valid),
        [true, true, false],
      );
      const { verdict, signatures } = await verifyPdf(file, {
        roots: [authority.root],
        intermediates: [authority.issuing],
      });
      assert.deepEqual(
        [verdict, ...signatures.map(({ kind, changes }) => [kind, changes])],
        ['valid', ['signature', 'allowed'], ['signature', 'allowed'], ['time-stamp', 'none']],
      );
      assert.equal(askQpdf(folder.path, file), '');
    }
  });
});
