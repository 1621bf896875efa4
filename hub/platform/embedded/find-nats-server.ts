import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '#hub/platform/log.ts';
import { unpackFile } from './unpack-file.ts';

/** Where to look, and with what to fetch. */
export interface NatsSearch {
  /** Programs tried in this order; a bare name is looked up on PATH. Users' PATH often lacks sbin. */
  programs?: string[];
  aptGet?: string;
}

const works = async (program: string): Promise<boolean> => {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, ['--version'], { timeout: 10_000 });
    return /nats-server/.test(stdout + stderr);
  } catch {
    return false;
  }
};

/**
 * The `nats-server` program: an installed one, the one kept in `cacheDir`, or fetched there from the
 * distribution. Undefined when it is not to be had; then one line in the log says what to do.
 */
export const findNatsServer = async (
  { cacheDir, log }: { cacheDir: string; log: Log },
  {
    programs = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server'],
    aptGet,
  }: NatsSearch = {},
): Promise<string | undefined> => {
  const kept = join(cacheDir, `nats-server-${process.platform}-${process.arch}`);
  for (const program of [...programs, kept]) if (await works(program)) return program;
  try {
    await unpackFile({ packages: ['nats-server'], file: 'usr/sbin/nats-server' }, kept, aptGet);
    if (await works(kept)) return kept;
    throw new Error('the program from the package does not run');
  } catch (error) {
    log.warn(
      { reason: (error as Error).message.trim().split('\n').at(-1) },
      'nats-server is missing and could not be fetched: events are not mirrored to NATS JetStream. ' +
        'Install it (apt-get install nats-server, or https://nats.io/download), ' +
        'or name a server with NATS_URL; NATS_URL=off runs without.',
    );
    return undefined;
  }
};
