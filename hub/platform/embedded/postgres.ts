import { chown, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '#hub/platform/log.ts';
import { choosePostgresUser, type PostgresUser } from './choose-postgres-user.ts';
import { createCluster } from './create-cluster.ts';
import { findPostgres } from './find-postgres.ts';
import { makeDatabase } from './make-database-store.ts';
import { runServer, type Server, type ServerPlan } from './run-server.ts';
import { readPostmaster, stopOrphanedPostgres } from './stop-orphaned-postgres.ts';
import { waitUntil } from './wait-until.ts';
import type { Watchdog } from './watchdog.ts';

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  /** For `pg`, kysely and psql alike: superuser `lienthong`, database `lienthong`, a unix socket. */
  url: string;
  pid: number;
  /** Resolves when the server has ended, asked or not. */
  exited: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, what was committed is on disk. */
  stop(): Promise<void>;
}

/** A folder that only we and the server can enter, its path short enough for a socket (104 bytes on macOS). */
const makeSocketDir = async ({ identity }: PostgresUser): Promise<string> => {
  const parent = await realpath(tmpdir());
  const dir = await mkdtemp(join(Buffer.byteLength(parent) > 60 ? '/tmp' : parent, 'lienthong-pg-'));
  if (identity) await chown(dir, identity.uid, identity.gid);
  return dir;
};

/** Runs the server until it takes connections. */
const bringUp = async (plan: ServerPlan, cluster: string, log: Log, watchdog?: Watchdog): Promise<Server> => {
  for (let attempt = 1; ; attempt++) {
    const server = await runServer(plan, log, watchdog);
    const upOrEnded = async (): Promise<boolean> => {
      const noted = await readPostmaster(cluster);
      return !server.running() || (noted?.pid === server.pid && noted.status === 'ready');
    };
    // Recovery after a power cut may take minutes and must not be cut short.
    await waitUntil('PostgreSQL to be ready', upOrEnded, { withinMs: 900_000 });
    if (server.running()) return server;
    const words = await server.lastWords();
    // The children of a server that was killed hold its memory for a moment longer.
    if (attempt === 10 || !words.includes('pre-existing shared memory block'))
      throw new Error(`PostgreSQL cannot start on ${cluster}:\n${words}`);
    await pause(300);
  }
};

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, made at the first start. It listens on a unix socket in a private
 * folder and on no port. The caller holds the lock of the data directory (`lockDataDirectory`): a server found
 * running on it is therefore nobody's, and is stopped and replaced.
 *
 * `watchdog` is told of the server from its first moment.
 *
 * @throws when it cannot start; the words end with what the server itself wrote
 */
export const startPostgres = async ({
  dataDir,
  log,
  watchdog,
}: {
  dataDir: string;
  log: Log;
  watchdog?: Watchdog;
}): Promise<EmbeddedPostgres> => {
  const began = performance.now();
  await mkdir(dataDir, { recursive: true });
  const directory = await realpath(dataDir);
  const cluster = join(directory, 'postgres');
  const programs = await findPostgres();
  const user = await choosePostgresUser();
  await stopOrphanedPostgres(cluster, log);
  await createCluster(cluster, programs.initdb, user);

  const socketDir = await makeSocketDir(user);
  const plan: ServerPlan = {
    name: 'PostgreSQL',
    command: [...user.prefix, programs.postgres, '-D', cluster, '-c', `unix_socket_directories=${socketDir}`],
    identity: user.identity,
    marks: ['postgres', cluster],
    logFile: join(directory, 'postgres.log'),
    signal: 'SIGINT',
    lastSignal: 'SIGQUIT',
    graceMs: 60_000,
  };
  let server: Server | undefined;
  const stop = async (): Promise<void> => {
    await server?.stop();
    await rm(socketDir, { recursive: true, force: true });
  };
  try {
    server = await bringUp(plan, cluster, log, watchdog);
    const url = `postgres://lienthong@localhost:5432/lienthong?host=${encodeURIComponent(socketDir)}`;
    await makeDatabase(url);
    log.info({ serverPid: server.pid, ms: Math.round(performance.now() - began) }, 'PostgreSQL is ready');
    return { url, pid: server.pid, exited: server.exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
