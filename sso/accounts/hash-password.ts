import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import PQueue from 'p-queue';
import { AppError } from '#hub/platform/errors.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';

/** Hashes and compares passwords: argon2id (RFC 9106), in libuv's threads, never in the thread that answers. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Undefined for a name that nobody has: takes the time of a real one, and never matches. */
  matches(kept: string | undefined, password: string): Promise<boolean>;
  /** A hash that was made with other parameters than those of today. */
  isOutdated(kept: string): boolean;
}

/** More than this many waiting would take longer than anybody waits; each also holds a request. */
const mostWaiting = 500;

export const createPasswordHasher = (
  settings: Pick<SignOnSettings, 'argon2MemoryKiB' | 'argon2Passes' | 'argon2Lanes'>,
): PasswordHasher => {
  // The library's default is argon2id.
  const options = {
    memoryCost: settings.argon2MemoryKiB,
    timeCost: settings.argon2Passes,
    parallelism: settings.argon2Lanes,
  };
  const queue = new PQueue({ concurrency: availableParallelism() });
  const run = <T>(work: () => Promise<T>): Promise<T> => {
    if (queue.size >= mostWaiting) throw new AppError('too-many-requests', { seconds: 5 });
    return queue.add(work);
  };
  let decoy: Promise<string> | undefined;
  const parameters = `m=${settings.argon2MemoryKiB},t=${settings.argon2Passes},p=${settings.argon2Lanes}`;
  return {
    hash: password => run(() => hash(password.normalize('NFC'), options)),
    async matches(kept, password) {
      decoy ??= hash('not a password of anybody', options);
      const against = kept ?? (await decoy);
      const equal = await run(() => verify(against, password.normalize('NFC')));
      return equal && kept !== undefined;
    },
    isOutdated: kept => !kept.includes(`$${parameters}$`),
  };
};
