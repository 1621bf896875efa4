import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { compareRegisterAndApps } from './compare-register-and-apps.ts';
import {
  countArrived,
  movedSince,
  raisedOnce,
  registerByCode,
  waitForRegister,
  waitUntilInStep,
} from './follow-changes.ts';
import { type OutsideServers, startOutsideServers } from './outside-servers.ts';
import { type RunningHub, runHub, stopHubs } from './run-hub.ts';
import { makeRows, makeWorkbook, readReports, sendImport, waitForImport } from './staff-workbook.ts';

describe('Hubs on servers that others run', function () {
  this.timeout(180_000);
  let folder: string;
  let servers: OutsideServers;
  let env: NodeJS.ProcessEnv;
  let hub: RunningHub;
  let planted: ReadonlySet<string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lienthong-outside-'));
    servers = await startOutsideServers(folder);
    env = {
      DATABASE_URL: servers.databaseUrl,
      NATS_URL: servers.natsUrl,
      LIENTHONG_SECRET_KEY: randomBytes(32).toString('hex'),
    };
    hub = await runHub({ dataDir: join(folder, 'one'), port: await chooseFreePort(), env });
    planted = new Set(await compareRegisterAndApps(hub));
  });
  after(async () => {
    await stopHubs(folder);
    await servers?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const status = async (path: string): Promise<number> => {
    const answer = await hub.ask(path);
    await answer.arrayBuffer();
    return answer.status;
  };
  const changeEverybody = async (count: number) => {
    const before = await registerByCode(hub);
    const moved = await hub.act({ action: 'many', kind: 'move', count });
    const raised = await hub.act({ action: 'many', kind: 'raise', count });
    return {
      before,
      moved,
      allArrived: async () => {
        await waitForRegister(hub, moved.codes, movedSince(before));
        await waitForRegister(hub, raised.codes, raisedOnce(before));
        await waitUntilInStep(hub, planted);
      },
    };
  };

  it('say clearly that PostgreSQL is away, and lose nothing when it is restarted', async () => {
    const change = await changeEverybody(140);
    await waitUntil(
      'some changes to arrive',
      async () => (await countArrived(hub, 'portal', change.moved.codes, change.before)) >= 10,
      { withinMs: 30_000 },
    );
    const before = (await hub.printed()).length;
    await servers.stopDatabase();
    for (const path of ['/api/v1/staff?limit=1', '/api/v1/hr/imports', '/api/v1/apps']) {
      const answer = await hub.ask(path);
      assert.equal(answer.status, 503, path);
      assert.equal(((await answer.json()) as { code: string }).code, 'not-ready');
    }
    const token = await fetch(`${hub.origin}/sso/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('nobody-yet:wrong')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    assert.ok(token.status >= 500, String(token.status));
    const page = await createBrowse().open(`${hub.origin}/`);
    assert.ok(page.status >= 500, String(page.status));
    assert.match(page.text, /tạm ngừng/, 'a page that says so, and no redirects without end');
    assert.equal(await status('/healthz'), 200);
    assert.equal(await status('/readyz'), 503);
    const tellingWorks = async () =>
      (await hub.printed())
        .slice(before)
        .split('\n')
        .filter(line => line.includes('tried again every second'))
        .map(line => JSON.parse(line).work as string);
    await waitUntil('works to say that they wait', async () => (await tellingWorks()).length >= 4, {
      withinMs: 20_000,
    });
    await servers.startDatabase();
    await waitUntil('the hub to be ready', async () => (await status('/readyz')) === 200, {
      withinMs: 20_000,
    });
    assert.ok(hub.running());
    await change.allArrived();
    const lines = (await hub.printed()).slice(before).trim().split('\n');
    const works = await tellingWorks();
    assert.equal(new Set(works).size, works.length, 'told once each');
    assert.deepEqual(
      lines.filter(line => /"frames"|"stack"|^\s+at /.test(line)),
      [],
    );
  });

  it('go on without NATS, say so, and find it again', async () => {
    await servers.killNats();
    await waitUntil('the hub to notice', async () => (await status('/readyz')) === 503, { withinMs: 20_000 });
    const change = await changeEverybody(20);
    await change.allArrived();
    await servers.startNats();
    await waitUntil('the hub to be ready', async () => (await status('/readyz')) === 200, {
      withinMs: 20_000,
    });
    assert.deepEqual(await servers.listeners('lienthong.wake.*'), ['lienthong-wake']);
    await (await changeEverybody(5)).allArrived();
  });

  it('take over what another hub had begun when it was killed', async () => {
    const other = await runHub({
      dataDir: join(folder, 'two'),
      port: await chooseFreePort(),
      sandboxOf: join(folder, 'one'),
      env: { ...env, LIENTHONG_PROFILE: 'production', LIENTHONG_ROLES: 'hub,connectors,sso' },
    });
    // A hub works on one import at a time: of two that go on at once, one is in the hands of the hub to be killed.
    const files = [400_000, 500_000].map(first => makeRows(4000, { every: 80, first }));
    const books = await Promise.all(files.map(rows => makeWorkbook(rows.map(({ cells }) => cells))));
    // A lease is as long as the longest call may be.
    for (const app of Object.keys(hub.apps))
      await hub.put(`/api/v1/apps/${app}`, { guard: { timeoutMs: 3000 } });
    for (const app of ['operations-page', 'portal']) await hub.fault(app, { mode: 'slow', delayMs: 1000 });
    const change = await changeEverybody(140);
    const ids = await Promise.all(books.map(async book => (await sendImport(other, book)).id));
    await Promise.all(
      ids.map(id => waitForImport(hub, id, ({ state, rowsDone }) => state === 'running' && rowsDone > 0)),
    );
    await other.kill();
    const arrived = await countArrived(hub, 'portal', change.moved.codes, change.before);
    assert.ok(arrived < 140, 'everything had arrived already');
    for (const app of ['operations-page', 'portal']) await hub.fault(app, { mode: 'ok' });
    for (const [nr, id] of ids.entries()) {
      assert.deepEqual((await waitForImport(hub, id)).counts, { created: 50, refused: 3950 });
      assert.deepEqual(
        (await readReports(hub, id)).map(({ row, outcome }) => [row, outcome]),
        files[nr]!.map(({ outcome }, at) => [at + 2, outcome]),
      );
    }
    await change.allArrived();
  });

  it('end on Ctrl-C although their servers are away', async () => {
    await servers.killNats();
    await servers.stopDatabase();
    await waitUntil('the hub to notice', async () => (await status('/readyz')) === 503, { withinMs: 20_000 });
    assert.equal(await hub.interrupt(), 0);
  });
});
