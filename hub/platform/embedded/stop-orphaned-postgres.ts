import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '#hub/platform/log.ts';
import { isRunning } from './find-process.ts';
import { stopProcess } from './stop-process.ts';

/** What a server notes of itself in `postmaster.pid`. `status` is `ready` when it takes connections. */
export interface Postmaster {
  pid: number;
  socketDir: string;
  status: string;
}

/** Reads the note of the server on `cluster`; undefined when there is none. It may be stale. */
export const readPostmaster = async (cluster: string): Promise<Postmaster | undefined> => {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map(line => line.trim());
  if (!lines[0]) return undefined;
  return { pid: Number(lines[0]), socketDir: lines[4] ?? '', status: lines[7] ?? '' };
};

/** Stops (fast, cleanly) a server on `cluster` that outlived its parent and the watchdog; removes its socket. */
export const stopOrphanedPostgres = async (cluster: string, log: Log): Promise<void> => {
  const left = await readPostmaster(cluster);
  if (!left) return;
  const known = { pid: left.pid, marks: ['postgres', cluster] };
  if (await isRunning(known)) {
    log.warn({ pid: left.pid }, 'a PostgreSQL of an earlier run is still there: stopping it');
    await stopProcess(known, 'SIGINT', { graceMs: 60_000, lastSignal: 'SIGQUIT' });
  }
  if (/\/lienthong-pg-\w+$/.test(left.socketDir)) await rm(left.socketDir, { recursive: true, force: true });
};
