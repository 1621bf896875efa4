import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '#hub/platform/log.ts';
import { isRunning } from './find-process.ts';
import { stopProcess } from './stop-process.ts';

/** What a server notes of itself in `postmaster.pid`. `status` is `ready` when it takes connections. */
export interface Postmaster {
  pid: number;
  status: string;
}

/** Reads the note of the server on `cluster`; undefined when there is none. It may be stale. */
export const readPostmaster = async (cluster: string): Promise<Postmaster | undefined> => {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map(line => line.trim());
  if (!lines[0]) return undefined;
  return { pid: Number(lines[0]), status: lines[7] ?? '' };
};

/** The folder of the socket of the last run, by the command line that the server noted in `postmaster.opts`. */
const readSocketDir = async (cluster: string): Promise<string | undefined> => {
  const text = await readFile(join(cluster, 'postmaster.opts'), 'utf8').catch(() => '');
  return /unix_socket_directories=([^"]*\/lienthong-pg-\w+)"/.exec(text)?.[1];
};

/**
 * Clears the way for a new server on `cluster`: one that outlived its parent and the watchdog is stopped (fast,
 * cleanly), and what it could not remove, a stale pid file and the folder of its socket, is removed.
 */
export const stopOrphanedPostgres = async (cluster: string, log: Log): Promise<void> => {
  const left = await readPostmaster(cluster);
  const known = { pid: left?.pid ?? 0, marks: ['postgres', cluster] };
  if (await isRunning(known)) {
    log.warn({ serverPid: known.pid }, 'a PostgreSQL of an earlier run is still there: stopping it');
    await stopProcess(known, 'SIGINT', { graceMs: 60_000, lastSignal: 'SIGQUIT' });
  } else {
    // The number may belong to some other program now, and PostgreSQL would refuse for its sake. Should
    // children of the dead server still live, it finds that out by its shared memory, not by this file.
    await rm(join(cluster, 'postmaster.pid'), { force: true });
  }
  const socketDir = await readSocketDir(cluster);
  if (socketDir) await rm(socketDir, { recursive: true, force: true });
};
