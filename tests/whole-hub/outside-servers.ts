import { mkdir, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from '#hub/platform/embedded/find-nats-server.ts';
import { type EmbeddedPostgres, startPostgres } from '#hub/platform/embedded/postgres.ts';
import { runServer, type Server } from '#hub/platform/embedded/run-server.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { startWatchdog } from '#hub/platform/embedded/watchdog.ts';
import { createLog } from '#hub/platform/log.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

/** PostgreSQL and NATS as somebody else runs them: hubs reach them by DATABASE_URL and NATS_URL. */
export interface OutsideServers {
  databaseUrl: string;
  natsUrl: string;
  /** Fast shutdown: connections are cut. */
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  /** `kill -9`. */
  killNats(): Promise<void>;
  /** On the same port. */
  startNats(): Promise<void>;
  /** Names of the clients that listen for `subject` on NATS. */
  listeners(subject: string): Promise<string[]>;
  stop(): Promise<void>;
}

interface Connz {
  connections: { name?: string; subscriptions_list?: string[] }[];
}

/** Starts both in `folder`. */
export const startOutsideServers = async (folder: string): Promise<OutsideServers> => {
  const log = createLog('silent');
  const watchdog = startWatchdog();
  const program = await findNatsServer({ cacheDir: join(homedir(), '.cache', 'lienthong'), log });
  if (program === undefined) throw new Error('The tests need nats-server (Debian package: nats-server).');
  const socketDir = join(folder, 'pg');
  const port = await chooseFreePort();
  const monitor = await chooseFreePort();
  await mkdir(folder, { recursive: true });
  let postgres: EmbeddedPostgres | undefined;
  let nats: Server | undefined;

  const startDatabase = async (): Promise<void> => {
    postgres = await startPostgres({ dataDir: folder, log, watchdog });
    // Each start has a socket folder of its own; those who connect need one that stays.
    await rm(socketDir, { force: true });
    await symlink(new URL(postgres.url).searchParams.get('host')!, socketDir);
  };
  const stopDatabase = async (): Promise<void> => {
    await postgres?.stop();
    postgres = undefined;
  };
  const startNats = async (): Promise<void> => {
    nats = await runServer(
      {
        name: 'nats-server',
        command: [program, '-a', '127.0.0.1', '-p', String(port), '-m', String(monitor)],
        marks: ['nats-server', String(port)],
        logFile: join(folder, 'nats.log'),
        signal: 'SIGTERM',
        lastSignal: 'SIGKILL',
        graceMs: 10_000,
      },
      log,
      watchdog,
    );
    await waitUntil(
      'NATS to answer',
      async () => (await fetch(`http://127.0.0.1:${monitor}/healthz`).catch(() => undefined))?.ok,
      { withinMs: 20_000 },
    );
  };
  await Promise.all([startDatabase(), startNats()]);
  return {
    databaseUrl: `postgres://lienthong@localhost:5432/lienthong?host=${encodeURIComponent(socketDir)}`,
    natsUrl: `nats://127.0.0.1:${port}`,
    startDatabase,
    stopDatabase,
    startNats,
    async killNats() {
      process.kill(nats!.pid, 'SIGKILL');
      await nats!.exited;
    },
    async listeners(subject) {
      const answer = await fetch(`http://127.0.0.1:${monitor}/connz?subs=true`);
      return ((await answer.json()) as Connz).connections.flatMap(({ name, subscriptions_list }) =>
        subscriptions_list?.includes(subject) ? (name ?? '') : [],
      );
    },
    async stop() {
      await Promise.all([stopDatabase(), nats?.stop()]);
      await watchdog.stop();
    },
  };
};
