import type { Database } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import {
  type Bound,
  type CountKey,
  countKnownPair,
  countOne,
  forgetAccount,
  giveBack,
  markLocked,
  readLocked,
  readPair,
  remember,
} from '#sso/accounts/failure-counter-store.ts';
import { networkOf } from '#sso/accounts/network-of.ts';

/** `first` of its window: worth a line in the trail, the others are not. */
type Permit =
  | { allowed: true }
  | { allowed: false; reason: 'locked' | 'slow-down'; seconds: number; first: boolean };

/**
 * Counts guesses in the database, for all nodes. `kind` is what is guessed (`password`, `activation`): each is counted
 * by itself. `account` is a staff id, or the name that somebody typed and nobody has: both count alike.
 */
export interface FailureCounter {
  /**
   * Takes one guess, before it is looked at: guesses made at once cannot be more than are allowed. Must be followed by
   * one of the others.
   */
  allow(kind: string, account: string, address: string): Promise<Permit>;
  /** The guess was wrong. `locked`: with it this account is locked from this network. Told once. */
  failed(kind: string, account: string, address: string): Promise<{ locked: boolean }>;
  /** The guess was right: earlier ones are forgotten, and this network is known for this account. */
  succeeded(kind: string, account: string, address: string): Promise<void>;
  /** Nobody looked at the guess: it does not count. */
  withdrawn(kind: string, account: string, address: string): Promise<void>;
  /** Forgets all guesses at an account, of every kind; answers from how many networks it was locked. */
  unlock(account: string): Promise<number>;
  /** Which of these accounts are locked from anywhere. */
  lockedOf(accounts: string[]): Promise<Set<string>>;
}

const minuteMs = 60_000;
/** Guesses at one account from networks that it is not known to come from: more wait for a minute, nobody is locked. */
const accountLimit = { most: 10, windowMs: minuteMs, lockMs: minuteMs };
/** Wrong guesses from one network at whatever names: an office's typing errors pass, a list of names does not. */
const networkLimit = { most: 100, windowMs: 10 * minuteMs, lockMs: 10 * minuteMs };
const knownDays = 90;

/**
 * Wrong guesses lock an account from the network that they come from, and only from there. What limits an account or a
 * network as a whole only makes slower, and never those who have signed in from their network before: so nobody can
 * lock others out from elsewhere, nor with many networks (docs/decisions/0016-accounts.md).
 */
export const createFailureCounter = (
  { db, secrets }: { db: Database; secrets: Secrets },
  { failuresBeforeLock, lockMinutes }: Pick<SignOnSettings, 'failuresBeforeLock' | 'lockMinutes'>,
): FailureCounter => {
  const pairLimit = {
    most: failuresBeforeLock,
    windowMs: lockMinutes * minuteMs,
    lockMs: lockMinutes * minuteMs,
  };
  const hashOf = (...parts: string[]): Buffer => secrets.keyedHash('sign-in-failures', JSON.stringify(parts));
  const accountHash = (account: string): Buffer => hashOf('unlock', account);
  const keysOf = (kind: string, account: string, address: string): Record<Bound, CountKey> => {
    const network = networkOf(address);
    const key = (bound: Bound, ...of: string[]): CountKey => ({
      hash: hashOf(bound, kind, ...of),
      bound,
      account: bound === 'network' ? null : accountHash(account),
    });
    return {
      pair: key('pair', account, network),
      known: key('known', account, network),
      account: key('account', account),
      network: key('network', network),
    };
  };
  const permitFor = (
    { count, seconds }: { count: number; seconds: number },
    limit: typeof pairLimit,
    reason: 'locked' | 'slow-down',
  ): Permit => {
    if (count <= limit.most) return { allowed: true };
    return { allowed: false, reason, seconds: Math.max(1, seconds), first: count === limit.most + 1 };
  };

  return {
    async allow(kind, account, address) {
      const keys = keysOf(kind, account, address);
      // Who is locked, or known here, costs everybody else nothing.
      const known = await countKnownPair(db, keys.known, keys.pair, pairLimit);
      if (known !== undefined) return permitFor(known, pairLimit, 'locked');
      for (const [key, limit] of [
        [keys.network, networkLimit],
        [keys.account, accountLimit],
      ] as const) {
        const permit = permitFor(await countOne(db, key, limit), limit, 'slow-down');
        if (!permit.allowed) return permit;
      }
      return permitFor(await countOne(db, keys.pair, pairLimit), pairLimit, 'locked');
    },
    async failed(kind, account, address) {
      const { pair } = keysOf(kind, account, address);
      return { locked: await markLocked(db, pair, pairLimit.most) };
    },
    async succeeded(kind, account, address) {
      const keys = keysOf(kind, account, address);
      if (await remember(db, keys, knownDays))
        for (const key of [keys.network, keys.account]) await giveBack(db, key);
    },
    async withdrawn(kind, account, address) {
      const keys = keysOf(kind, account, address);
      const { known } = await readPair(db, keys.known, keys.pair);
      for (const key of known ? [keys.pair] : [keys.network, keys.account, keys.pair])
        await giveBack(db, key);
    },
    unlock: account => forgetAccount(db, accountHash(account)),
    async lockedOf(accounts) {
      const byHash = new Map(accounts.map(account => [accountHash(account).toString('hex'), account]));
      const locked = await readLocked(db, accounts.map(accountHash));
      return new Set(locked.map(hash => byHash.get(hash.toString('hex'))!));
    },
  };
};
