import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, openDatabase } from '#hub/platform/database.ts';

const root = join(import.meta.dirname, '..', '..');

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** A hub under measurement: a process of its own on a data directory of its own. */
export interface BenchHub {
  origin: string;
  pid: number;
  dataDir: string;
  /** Milliseconds from `spawn` to `/readyz`. */
  readyMs: number;
  db: Database;
  apps: Record<string, string>;
  token(): Promise<string>;
  /** Resident memory now, and the most ever, in MB. */
  memory(): { now: number; peak: number };
  /** Processor time of the hub process so far, seconds. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export const makeDataDir = (): string => mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
export const removeDataDir = (dir: string): void => rmSync(dir, { recursive: true, force: true });

const embeddedUrl = (dataDir: string): string => {
  const folder = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')
    .split('\n')[4]!
    .trim();
  return `postgres://lienthong@localhost:5432/lienthong?host=${encodeURIComponent(folder)}`;
};

const untilReady = async (origin: string, child: ChildProcess): Promise<void> => {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the hub ended (${child.exitCode})`);
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(50);
  }
};

const makeClient = (dataDir: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const scopes = ['admin', 'hr.read', 'hr.write', 'hr.salary'];
    const child = spawn(process.execPath, ['hub/apps/cli/make-client.ts', 'bench', ...scopes], {
      cwd: root,
      env: { ...process.env, LIENTHONG_DATA: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', part => {
      printed += part;
    });
    child.once('exit', code =>
      code === 0 ? resolve(JSON.parse(printed).client_secret) : reject(new Error('no client')),
    );
  });

/** Starts a hub and waits until it is ready. */
export const startBenchHub = async (options: {
  dataDir: string;
  staff?: number;
  profile?: 'sandbox' | 'production';
  /** A file of settings of the sign-on. */
  signOn?: string;
  /** What it does, joined by commas; everything when absent. */
  roles?: string;
}): Promise<BenchHub> => {
  const { dataDir, staff = 3000, profile = 'sandbox', signOn, roles } = options;
  mkdirSync(dataDir, { recursive: true });
  const port = await freePort();
  const began = performance.now();
  // As `npm start` runs it.
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=8', '--heap-growing-percent=50', 'start.ts'],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        LIENTHONG_DATA: dataDir,
        LIENTHONG_PROFILE: profile,
        LIENTHONG_HOST: '127.0.0.1',
        LIENTHONG_LOG: 'error',
        LIENTHONG_SANDBOX_STAFF: String(staff),
        ...(signOn === undefined ? {} : { LIENTHONG_SIGN_ON: signOn }),
        ...(roles === undefined ? {} : { LIENTHONG_ROLES: roles }),
        PORT: String(port),
      },
    },
  );
  const origin = `http://localhost:${port}`;
  await untilReady(origin, child);
  const readyMs = performance.now() - began;
  const db = openDatabase(embeddedUrl(dataDir), 4);
  const sandbox =
    profile === 'sandbox'
      ? (JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8')) as {
          apps: { id: string; origin: string }[];
        })
      : { apps: [] };
  const status = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) /
    1024;
  let secret: string | undefined;
  return {
    origin,
    pid: child.pid!,
    dataDir,
    readyMs,
    db,
    apps: Object.fromEntries(sandbox.apps.map(app => [app.id, app.origin])),
    async token() {
      secret ??= await makeClient(dataDir);
      const answer = await fetch(`${origin}/sso/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`bench:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      return ((await answer.json()) as { access_token: string }).access_token;
    },
    memory: () => ({ now: status('VmRSS'), peak: status('VmHWM') }),
    cpuSeconds() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async stop() {
      await db.destroy();
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    },
  };
};
