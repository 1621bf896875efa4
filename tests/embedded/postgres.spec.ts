import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { isRunning } from '#hub/platform/embedded/find-process.ts';
import { startPostgres } from '#hub/platform/embedded/postgres.ts';
import { readPostmaster } from '#hub/platform/embedded/stop-orphaned-postgres.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { startWatchdog, type Watchdog } from '#hub/platform/embedded/watchdog.ts';
import { createLog } from '#hub/platform/log.ts';
import { type Child, startChild } from '#tests/embedded/start-child.ts';

const log = createLog('silent');
const root = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };

// Making a cluster costs a second of work, so the specs follow each other on one, as a hub's starts do.
describe('embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;
  let children: Child[];
  let watchdog: Watchdog;

  before(() => {
    watchdog = startWatchdog();
    folder = mkdtempSync(join(tmpdir(), 'lienthong-spec-'));
    // mkdtemp says 0700; other users must be able to pass.
    chmodSync(folder, 0o755);
  });
  after(async () => {
    await watchdog.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    dataDir = join(folder, 'data');
    children = [];
  });

  const server = async (): Promise<{ pid: number; marks: string[] }> => {
    const cluster = join(dataDir, 'postgres');
    return { pid: (await readPostmaster(cluster))?.pid ?? 0, marks: ['postgres', cluster] };
  };
  const serverGone = async (known: { pid: number; marks: string[] }): Promise<unknown> =>
    waitUntil('PostgreSQL to be gone', async () => !(await isRunning(known)), { withinMs: 20_000 });

  afterEach(async () => {
    const known = await server();
    for (const { process, killGroup } of children)
      if (process.exitCode === null && process.signalCode === null) await killGroup('SIGINT');
    await serverGone(known);
  });

  const start = async (options: Parameters<typeof startChild>[1] = {}): Promise<Child> => {
    const child = await startChild(dataDir, options);
    children.push(child);
    return child;
  };

  const ask = async (url: string, text: string, values: unknown[] = []): Promise<unknown[][]> => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    // The server may be stopped while the connection is being closed.
    pool.on('error', () => {});
    pool.on('connect', client => void client.on('error', () => {}));
    try {
      return (await pool.query({ text, values, rowMode: 'array' })).rows;
    } finally {
      await pool.end();
    }
  };
  const write = (url: string, word: string): Promise<unknown> =>
    ask(url, 'create table if not exists kept (word text)').then(() =>
      ask(url, 'insert into kept values ($1)', [word]),
    );
  const wasKept = async (url: string, word: string): Promise<void> =>
    assert.deepEqual(await ask(url, 'select exists (select from kept where word = $1)', [word]), [[true]]);

  it('keeps what was written over a restart', async () => {
    const first = await startPostgres({ dataDir, log, watchdog });
    await write(first.url, 'một');
    await first.stop();
    const second = await startPostgres({ dataDir, log, watchdog });
    await wasKept(second.url, 'một');
    await second.stop();
  });

  it('listens on no port and lets no other user in', async () => {
    const { url, stop } = await startPostgres({ dataDir, log, watchdog });
    assert.deepEqual(await ask(url, 'show listen_addresses'), [['']]);
    const folder = new URL(url).searchParams.get('host')!;
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.ok(Buffer.byteLength(`${folder}/.s.PGSQL.5432`) < 100);
    await stop();
    assert.throws(() => statSync(folder), { code: 'ENOENT' });
  });

  it('sorts Vietnamese names when asked, and is in UTC and UTF-8', async () => {
    const { url, stop } = await startPostgres({ dataDir, log, watchdog });
    const names = ['Đức', 'Dũng', 'Ân', 'An', 'Ăn', 'Em'];
    const sorted = await ask(url, 'select x from unnest($1::text[]) x order by x collate "vi-x-icu"', [
      names,
    ]);
    assert.deepEqual(sorted.flat(), ['An', 'Ăn', 'Ân', 'Dũng', 'Đức', 'Em']);
    const facts =
      "select current_setting('server_encoding'), current_setting('TimeZone'), current_setting('jit')";
    assert.deepEqual(await ask(url, facts), [['UTF8', 'UTC', 'off']]);
    await stop();
  });

  it('is understood by psql too', async function () {
    if (spawnSync('psql', ['--version']).error) this.skip();
    const { url, stop } = await startPostgres({ dataDir, log, watchdog });
    const said = execFileSync('psql', [url, '-Atc', 'select current_user, current_database()'], {
      encoding: 'utf8',
    });
    assert.equal(said.trim(), 'lienthong|lienthong');
    await stop();
  });

  it('is stopped by the watchdog when its parent is killed, and what was written is there', async () => {
    const child = await start();
    const known = await server();
    await write(child.said.databaseUrl, 'hai');
    await child.kill('SIGKILL');
    await serverGone(known);
    const next = await start();
    await wasKept(next.said.databaseUrl, 'hai');
  });

  it('is replaced at once, with its data, when the parent and the watchdog are both killed', async () => {
    const child = await start();
    const orphan = await server();
    await write(child.said.databaseUrl, 'ba');
    process.kill(child.said.watchdogPid, 'SIGKILL');
    await child.kill('SIGKILL');
    assert.equal(await isRunning(orphan), true);
    const next = await start();
    assert.equal(await isRunning(orphan), false);
    await wasKept(next.said.databaseUrl, 'ba');
  });

  it('comes back when it was killed itself', async () => {
    const child = await start();
    await write(child.said.databaseUrl, 'bốn');
    process.kill((await server()).pid, 'SIGKILL');
    await child.kill('SIGKILL');
    const next = await start();
    await wasKept(next.said.databaseUrl, 'bốn');
  });

  it('is not kept from starting by a stale pid file whose number is in use by another program', async () => {
    const first = await startPostgres({ dataDir, log, watchdog });
    await first.stop();
    const file = join(dataDir, 'postgres', 'postmaster.pid');
    writeFileSync(file, `1\n${dataDir}/postgres\n1\n5432\n/tmp/gone\n\n0 0\nready\n`);
    const second = await startPostgres({ dataDir, log, watchdog });
    assert.deepEqual(await ask(second.url, 'select 1'), [[1]]);
    await second.stop();
  });

  it('begins anew when the first start was cut short', async () => {
    dataDir = join(folder, 'cut-short');
    mkdirSync(join(dataDir, 'postgres.unfinished', 'base'), { recursive: true });
    const { url, stop } = await startPostgres({ dataDir, log, watchdog });
    assert.deepEqual(await ask(url, 'select 1'), [[1]]);
    await stop();
  });

  it('refuses a second instance and names the process that runs', async () => {
    const child = await start();
    const second = await start();
    assert.match(second.said.error ?? '', new RegExp(`in use by process ${child.pid}\\b`));
    assert.deepEqual(await ask(child.said.databaseUrl, 'select 1'), [[1]]);
  });

  it('survives Ctrl-C until its parent has finished', async () => {
    const child = await start();
    await write(child.said.databaseUrl, 'năm');
    assert.equal(await child.killGroup('SIGINT'), 0);
    const next = await start();
    await wasKept(next.said.databaseUrl, 'written after Ctrl-C');
  });

  it('runs for an ordinary user', async function () {
    if (!root) this.skip();
    const readable =
      spawnSync('test', ['-r', join(import.meta.dirname, 'run-embedded.ts')], nobody).status === 0;
    dataDir = join(folder, 'ordinary-user');
    mkdirSync(dataDir);
    chownSync(dataDir, readable ? nobody.uid : 0, readable ? nobody.gid : 0);
    // A checkout that only root can read: an ordinary user of a namespace, then.
    const child = await start(
      readable ? { user: nobody } : { prefix: ['unshare', '--user', '--map-user=1000', '--'] },
    );
    assert.notEqual(child.said.uid, 0);
    await write(child.said.databaseUrl, 'sáu');
    await wasKept(child.said.databaseUrl, 'sáu');
    assert.equal(await child.killGroup('SIGINT'), 0);
  });

  it('runs for root with and without user namespaces on the same data', async function () {
    const reachable = () =>
      spawnSync('test', ['-r', join(import.meta.dirname, 'run-embedded.ts')], nobody).status === 0;
    if (!root || !reachable()) this.skip();
    const withUnshare = await start();
    await write(withUnshare.said.databaseUrl, 'bảy');
    await withUnshare.killGroup('SIGINT');
    const without = await start({ env: { PATH: '/nonexistent' } });
    assert.equal(statSync(join(dataDir, 'postgres')).uid, nobody.uid);
    await without.killGroup('SIGINT');
    const again = await start();
    assert.equal(statSync(join(dataDir, 'postgres')).uid, 0);
    await wasKept(again.said.databaseUrl, 'bảy');
  });

  it('says what the server said when it cannot start', async () => {
    const first = await startPostgres({ dataDir, log, watchdog });
    await first.stop();
    writeFileSync(join(dataDir, 'postgres', 'postgresql.auto.conf'), "no_such_setting = 'x'\n");
    await assert.rejects(startPostgres({ dataDir, log, watchdog }), /cannot start.*no_such_setting/s);
  });
});
