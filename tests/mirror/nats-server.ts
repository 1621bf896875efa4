import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { findNatsServer } from '#hub/platform/embedded/find-nats-server.ts';
import { accountSettings } from '#hub/platform/embedded/nats-accounts.ts';
import { readNatsUrl } from '#hub/platform/embedded/read-nats-url.ts';
import { runServer, type Server } from '#hub/platform/embedded/run-server.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createLog } from '#hub/platform/log.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

/** A NATS server that a spec may kill, with the settings of an embedded one. */
export interface TestNats {
  url: string;
  server: string;
  usersFile: string;
  reload(): void;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Again, on the same port. */
  start(): Promise<void>;
  /** Removes what JetStream had stored; only while it is killed. */
  loseStore(): void;
  /** As the hub's own user. */
  connect(): Promise<NatsConnection>;
  manager(): Promise<JetStreamManager>;
  stop(): Promise<void>;
}

/** `jetStream: false`: one that only passes messages on. */
export const startTestNats = async (
  folder: string,
  { jetStream = true }: { jetStream?: boolean } = {},
): Promise<TestNats> => {
  const log = createLog('silent');
  const program = await findNatsServer({ cacheDir: join(homedir(), '.cache', 'lienthong'), log });
  if (program === undefined) throw new Error('The tests need nats-server (Debian package: nats-server).');
  const port = await chooseFreePort();
  const settingsFile = join(folder, 'server.conf');
  const usersFile = join(folder, 'users.conf');
  const store = join(folder, 'store');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(usersFile)) writeFileSync(usersFile, '');
  writeFileSync(
    settingsFile,
    `host: 127.0.0.1
port: ${port}
server_name: test
${
  jetStream
    ? `${accountSettings('user: lienthong, password: hub')}
jetstream { store_dir: ${JSON.stringify(store)} }`
    : 'authorization { user: lienthong, password: hub }'
}
`,
  );
  const url = `nats://lienthong:hub@127.0.0.1:${port}`;
  const opened: NatsConnection[] = [];
  let running: Server;
  /** Its end was asked for. */
  let asked = false;
  const connectAsHub = async (): Promise<NatsConnection> => {
    const options = { ...readNatsUrl(url), maxReconnectAttempts: -1, reconnectTimeWait: 50 };
    const one = await waitUntil('NATS to let the hub in', () => connect(options).catch(() => undefined), {
      withinMs: 20_000,
    });
    opened.push(one);
    return one;
  };
  const start = async (): Promise<void> => {
    asked = false;
    const one = await runServer(
      {
        name: 'nats-server',
        command: [program, '-c', settingsFile],
        marks: ['nats-server', settingsFile],
        logFile: join(folder, 'server.log'),
        signal: 'SIGTERM',
        lastSignal: 'SIGKILL',
        graceMs: 10_000,
      },
      log,
    );
    running = one;
    // As any supervisor does: nats-server 2.9 may fall over when streams are deleted under load.
    void one.exited.then(() => {
      if (!asked && running === one) void start().catch(() => {});
    });
    await waitUntil(
      'NATS to answer',
      async () => {
        const one = await connect({ ...readNatsUrl(url), reconnect: false }).catch(() => undefined);
        await one?.close();
        return one !== undefined;
      },
      { withinMs: 20_000 },
    );
  };
  await start();
  return {
    url,
    server: `127.0.0.1:${port}`,
    usersFile,
    start,
    reload: () => void process.kill(running.pid, 'SIGHUP'),
    async kill() {
      asked = true;
      process.kill(running.pid, 'SIGKILL');
      await running.exited;
    },
    loseStore: () => rmSync(store, { recursive: true, force: true }),
    connect: connectAsHub,
    manager: async () => jetstreamManager(await connectAsHub(), { checkAPI: false }),
    async stop() {
      asked = true;
      await Promise.all(opened.map(one => one.close()));
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
