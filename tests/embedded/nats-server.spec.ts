import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import moleculer from 'moleculer';
import { connect, type JetStreamManager } from 'nats';
import { isRunning } from '#hub/platform/embedded/find-process.ts';
import { type EmbeddedNats, startNats } from '#hub/platform/embedded/nats-server.ts';
import { readNatsUrl } from '#hub/platform/embedded/read-nats-url.ts';
import { startWatchdog, type Watchdog } from '#hub/platform/embedded/watchdog.ts';
import { createLog, type Log } from '#hub/platform/log.ts';
import { startChild } from '#tests/embedded/start-child.ts';

const log = createLog('silent');

/** Keeps the words of every line. */
const recordLog = (): { lines: string[]; log: Log } => {
  const lines: string[] = [];
  const record = (_: unknown, text?: string): void => void lines.push(String(text));
  return { lines, log: { debug: record, info: record, warn: record, error: record } as unknown as Log };
};

describe('embedded NATS', () => {
  let folder: string;
  let running: EmbeddedNats | undefined;
  let watchdog: Watchdog;
  before(() => {
    watchdog = startWatchdog();
  });
  after(() => watchdog.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-spec-'));
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (): Promise<EmbeddedNats> => {
    running = await startNats({ dataDir: folder, log, watchdog });
    assert.ok(running);
    return running;
  };

  const withJetStream = async <T>(
    url: string,
    work: (manager: JetStreamManager) => Promise<T>,
  ): Promise<T> => {
    const connection = await connect(readNatsUrl(url));
    try {
      return await work(await connection.jetstreamManager());
    } finally {
      await connection.close();
    }
  };

  it('keeps its streams over a restart', async () => {
    const first = await start();
    await withJetStream(first.url, manager => manager.streams.add({ name: 'kept', subjects: ['kept.>'] }));
    await first.stop();
    const second = await start();
    assert.deepEqual(await withJetStream(second.url, manager => manager.streams.names().next()), ['kept']);
  });

  it('is found at the same address after a restart, and elsewhere when others have taken its port', async () => {
    const portOf = ({ url }: EmbeddedNats): string => new URL(url).port;
    const first = await start();
    await first.stop();
    rmSync(join(folder, 'nats'), { recursive: true });
    const second = await start();
    assert.equal(portOf(second), portOf(first));
    await second.stop();
    const other = createServer().listen(Number(portOf(first)), '127.0.0.1');
    await once(other, 'listening');
    try {
      assert.notEqual(portOf(await start()), portOf(first));
    } finally {
      other.close();
    }
    await running!.stop();
    writeFileSync(join(folder, 'nats.port'), '70000');
    await start();
  });

  it('listens on loopback only and lets nobody in without the password', async () => {
    const { url } = await start();
    assert.equal(new URL(url).hostname, '127.0.0.1');
    await assert.rejects(connect({ servers: new URL(url).host, reconnect: false }), /authorization/i);
  });

  it('takes Moleculer with the url as it is', async () => {
    const { url } = await start();
    const broker = new moleculer.ServiceBroker({
      transporter: { type: 'NATS', options: { url } },
      logger: false,
      skipProcessEventRegistration: true,
    });
    await broker.start();
    assert.equal(broker.transit?.connected, true);
    await broker.stop();
  });

  it('is stopped and replaced when its parent and the watchdog were killed', async () => {
    const child = await startChild(folder, { wanted: 'nats' });
    const known = {
      pid: Number(readFileSync(join(folder, 'nats', 'server.pid'), 'utf8')),
      marks: ['nats-server', folder],
    };
    await withJetStream(child.said.natsUrl, manager =>
      manager.streams.add({ name: 'kept', subjects: ['kept.>'] }),
    );
    process.kill(child.said.watchdogPid, 'SIGKILL');
    await child.kill('SIGKILL');
    assert.equal(await isRunning(known), true);
    const next = await start();
    assert.equal(await isRunning(known), false);
    assert.deepEqual(await withJetStream(next.url, manager => manager.streams.names().next()), ['kept']);
  });

  it('is unpacked from the package of the distribution when it is not installed and the package lists are empty', async function () {
    if (spawnSync('apt-get', ['--version']).error) this.skip();
    this.timeout(180_000);
    // Fails like apt with empty lists, unless it is told to use lists that the caller has fetched.
    const aptGet = join(folder, 'apt-get');
    writeFileSync(
      aptGet,
      '#!/bin/sh\ncase "$*" in *Dir::State::Lists*) exec apt-get "$@" ;; esac\nexit 100\n',
      {
        mode: 0o755,
      },
    );
    const cacheDir = join(folder, 'cache');
    running = await startNats({ dataDir: folder, cacheDir, log, watchdog, search: { programs: [], aptGet } });
    assert.ok(running);
    await running.stop();
    // The second time it is in the cache.
    running = await startNats({
      dataDir: folder,
      cacheDir,
      log,
      search: { programs: [], aptGet: '/nonexistent' },
    });
    assert.ok(running);
  });

  it('resolves undefined when it is not to be had, and says in one line how to get it', async () => {
    const { lines, log } = recordLog();
    const search = { programs: ['/nonexistent/nats-server'], aptGet: '/nonexistent/apt-get' };
    assert.equal(
      await startNats({ dataDir: folder, cacheDir: join(folder, 'cache'), log, search }),
      undefined,
    );
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /nats-server is missing.*apt-get install nats-server.*NATS_URL/);
  });
});

describe('reading a NATS_URL', () => {
  it('finds user and password, a token, several servers and TLS', () => {
    assert.deepEqual(readNatsUrl('nats://a:b%40c@h:1'), { servers: ['h:1'], user: 'a', pass: 'b@c' });
    assert.deepEqual(readNatsUrl('nats://secret@h:1'), { servers: ['h:1'], token: 'secret' });
    assert.deepEqual(readNatsUrl('tls://a:b@h:1, tls://i:2'), {
      servers: ['h:1', 'i:2'],
      user: 'a',
      pass: 'b',
      tls: {},
    });
    assert.deepEqual(readNatsUrl('nats://h:4222'), { servers: ['h:4222'] });
  });
});
