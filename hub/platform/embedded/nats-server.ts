import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import type { Log } from '#hub/platform/log.ts';
import { findNatsServer, type NatsSearch } from './find-nats-server.ts';
import { accountSettings, usersFileName } from './nats-accounts.ts';
import { readNatsUrl } from './read-nats-url.ts';
import { runServer, type Server } from './run-server.ts';
import { stopProcess } from './stop-process.ts';
import { waitUntil } from './wait-until.ts';
import type { Watchdog } from './watchdog.ts';

/** A running NATS server of our own, with JetStream. */
export interface EmbeddedNats {
  /** `nats://user:password@127.0.0.1:port`; see `readNatsUrl`. The password is new at each start. */
  url: string;
  pid: number;
  /** What apps may do there: an account each, read by the server at its start and at `reload`. */
  usersFile: string;
  reload(): void;
  /** Resolves when the server has ended, asked or not. */
  exited: Promise<void>;
  stop(): Promise<void>;
}

const user = 'lienthong';

const settings = (folder: string, password: string, port: number): string => `# Written at every start.
host: 127.0.0.1
port: ${port}
server_name: lienthong
ports_file_dir: ${JSON.stringify(folder)}
pid_file: ${JSON.stringify(join(folder, 'server.pid'))}
${accountSettings(`user: ${user}, password: ${JSON.stringify(password)}`)}
max_payload: 8MB
jetstream { store_dir: ${JSON.stringify(folder)}, max_memory_store: 256MB, max_file_store: 16GB }
`;

/** Whether nobody listens there now. */
const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** The port of the last run, where apps look for the server; -1, any, when there was none or others have taken it. */
const choosePort = async (portFile: string): Promise<number> => {
  const port = Number(await readFile(portFile, 'utf8').catch(() => '-1'));
  return port > 0 && port < 65_536 && (await isFree(port)) ? port : -1;
};

/** The server notes its port in a file named for its pid: a free one that it picked itself is not guessed. */
const readAddress = async (folder: string, pid: number): Promise<string | undefined> => {
  try {
    const name = (await readdir(folder)).find(file => file.endsWith(`_${pid}.ports`));
    const text = await readFile(join(folder, name!), 'utf8');
    return new URL((JSON.parse(text) as { nats: string[] }).nats[0]!).host;
  } catch {
    // Not written yet, or half written.
    return undefined;
  }
};

const clearNotes = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) if (name.endsWith('.ports')) await rm(join(folder, name));
  await rm(join(folder, 'server.pid'), { force: true });
};

const answers = async (url: string): Promise<boolean> => {
  try {
    const connection = await connect({ ...readNatsUrl(url), reconnect: false, timeout: 5_000 });
    await connection.close();
    return true;
  } catch {
    return false;
  }
};

/**
 * Starts nats-server with JetStream in `<dataDir>/nats` on a loopback port, the last run's if it can, behind a password. The
 * caller holds the lock of the data directory; a server that an earlier run left on it is stopped first.
 * `cacheDir` (`~/.cache/lienthong` by default) keeps the program when it had to be fetched.
 *
 * Resolves undefined when there is no nats-server to be had; one line in the log says what to do.
 *
 * @throws when there is one and it cannot start; the words end with what the server itself wrote
 */
export const startNats = async ({
  dataDir,
  cacheDir = join(homedir(), '.cache', 'lienthong'),
  log,
  watchdog,
  search,
}: {
  dataDir: string;
  cacheDir?: string | undefined;
  log: Log;
  watchdog?: Watchdog;
  search?: NatsSearch;
}): Promise<EmbeddedNats | undefined> => {
  const began = performance.now();
  const program = await findNatsServer({ cacheDir, log }, search);
  if (program === undefined) return undefined;

  await mkdir(join(dataDir, 'nats'), { recursive: true, mode: 0o700 });
  const folder = await realpath(join(dataDir, 'nats'));
  const settingsFile = join(folder, 'server.conf');
  const marks = ['nats-server', settingsFile];
  const left = Number(await readFile(join(folder, 'server.pid'), 'utf8').catch(() => 'NaN'));
  await stopProcess({ pid: left, marks }, 'SIGTERM');
  await clearNotes(folder);

  const password = randomBytes(24).toString('hex');
  await rm(settingsFile, { force: true });
  const usersFile = join(folder, usersFileName);
  // The server does not start without it; what it says is written by whoever knows the apps.
  if (!existsSync(usersFile)) await writeFile(usersFile, '# Nobody yet.\n', { mode: 0o600 });
  // Beside the store: who throws that away is to find the server where it was.
  const portFile = join(dataDir, 'nats.port');
  await writeFile(settingsFile, settings(folder, password, await choosePort(portFile)), { mode: 0o600 });
  const server: Server = await runServer(
    {
      name: 'nats-server',
      command: [program, '-c', settingsFile],
      marks,
      logFile: join(folder, 'server.log'),
      signal: 'SIGTERM',
      lastSignal: 'SIGKILL',
      graceMs: 30_000,
    },
    log,
    watchdog,
  );
  try {
    const url = await waitUntil(
      'nats-server to be ready',
      async () => {
        if (!server.running()) throw new Error(`nats-server cannot start:\n${await server.lastWords()}`);
        const address = await readAddress(folder, server.pid);
        const candidate = `nats://${user}:${password}@${address}`;
        return address !== undefined && (await answers(candidate)) && candidate;
      },
      { withinMs: 60_000, everyMs: 10 },
    );
    await writeFile(portFile, new URL(url).port);
    log.info({ serverPid: server.pid, ms: Math.round(performance.now() - began) }, 'NATS is ready');
    return {
      url,
      pid: server.pid,
      usersFile,
      reload: () => void (server.running() && process.kill(server.pid, 'SIGHUP')),
      exited: server.exited,
      stop: server.stop,
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
};
