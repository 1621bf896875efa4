import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { NatsAccess, PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import { readGrants } from './read-grants.ts';
import { renderUsers } from './render-users.ts';

/** A user that ends by time ends so much later at the most. */
const pollMs = 2000;
/**
 * nats-server (2.9.10, tried) gives an account that a reload adds its imports only at the next reload; more than one is
 * harmless.
 */
const reloads = 2;
const reloadMs = 250;

/** Whole or not at all: a server that reads it meanwhile, or a crash, never sees half of it. */
const writeWhole = async (file: string, text: string): Promise<void> => {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
};

/**
 * Keeps the servers' users file equal to what apps may do now; every node does, for its own file. The server is told
 * to read it again only when it has changed, and once at the start, since it may not have been told the last time.
 */
export const keepUsersFile = (
  { call, db, log }: Pick<PartContext, 'call' | 'db' | 'log'>,
  { usersFile, reload }: NatsAccess & { usersFile: string },
): Repeater => {
  let left = reloads;
  let failed = false;
  return repeat(log, 'NATS users file', async () => {
    const text = renderUsers(await readGrants(db, call));
    const present = await readFile(usersFile, 'utf8').catch(() => undefined);
    if (present !== text) {
      try {
        await writeWhole(usersFile, text);
        failed = false;
      } catch (error) {
        if (!failed)
          log.error({ err: error, usersFile }, 'the NATS users file cannot be written; tried again');
        failed = true;
        return pollMs;
      }
      left = reloads;
      log.info(
        reload === undefined
          ? 'the NATS users file was written: the servers must be told to read it again'
          : 'the NATS users file was written',
      );
    }
    if (left > 0) {
      reload?.();
      left--;
    }
    return left > 0 ? reloadMs : pollMs;
  });
};
