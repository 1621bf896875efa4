import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '#hub/platform/errors.ts';
import { readSignOnSettings } from '#hub/platform/read-sign-on-settings.ts';
import { type FlowStage, flowStages } from '#schemas/flow.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';

/** The roles that one process may play; `sandbox` plays the outside apps and belongs to no production. */
export const roles = ['hub', 'connectors', 'sso', 'flows'] as const;
export type Role = (typeof roles)[number];

/** Everything that the environment may decide. Nothing else in the project reads `process.env`. */
export interface Config {
  /** `PORT`: the one public port (8080). 0 chooses a free one. */
  port: number;
  /** `LIENTHONG_ORIGIN`: how the outside sees us; `http://localhost:<port>` by default. */
  origin: string;
  /** `LIENTHONG_HOST`: the address to listen on; loopback in the sandbox profile. */
  host: string;
  /**
   * `LIENTHONG_INTERNET_PORT`: a second port with the same behind it, for the proxy that brings people from the Internet:
   * whatever comes in there counts as Internet. None by default.
   */
  internetPort: number | undefined;
  /** `LIENTHONG_PROFILE`: `sandbox` (default, the six apps are played) or `production`. */
  profile: 'sandbox' | 'production';
  /** `LIENTHONG_DATA`: where embedded servers and `sandbox.json` live (`.data`). */
  dataDir: string;
  /** `LIENTHONG_ROLES`: comma-separated; all by default. */
  roles: Set<Role>;
  /** `DATABASE_URL`: a PostgreSQL ≥ 15; embedded when absent. */
  databaseUrl: string | undefined;
  /** `NATS_URL`: a NATS server; embedded when absent, `off` for none. */
  natsUrl: string | undefined;
  /**
   * `LIENTHONG_NATS_USERS`: where the apps' NATS accounts are written for servers of your own (a file in a folder that
   * they share); the embedded server has its own. Absent: apps get no access to them.
   */
  natsUsers: string | undefined;
  /** `LIENTHONG_NATS_PUBLIC`: comma-separated `host:port` at which apps reach NATS; those of `NATS_URL` when absent. */
  natsPublic: string[] | undefined;
  /** `LIENTHONG_NATS_KEEP_DAYS`: how long facts stay in the JetStream streams (30); the log keeps them all. */
  natsKeepDays: number;
  /** `LIENTHONG_LOG`: trace | debug | info | warn | error | silent. */
  logLevel: string;
  /** `LIENTHONG_SECRET_KEY`: 64 hex digits, the master key; made and kept in the data directory when absent. */
  secretKey: Buffer;
  /**
   * `LIENTHONG_TRUSTED_PROXIES`: comma-separated addresses or networks (`10.0.0.0/8`) whose `X-Forwarded-For` is
   * believed; only loopback by default. Without it everybody behind a proxy looks like one client.
   */
  trustedProxies: string[];
  /**
   * `LIENTHONG_EGRESS`: comma-separated networks, host names or the words `loopback` and `private`: which inner addresses
   * webhooks may be sent to, beside public ones. `private`; in the sandbox profile `loopback,private`.
   */
  egress: string[];
  /** `LIENTHONG_KEEP_MONTHS`: how long calls to apps are kept for tracing (24); the register's history stays. */
  keepMonths: number;
  /** `LIENTHONG_SIGN_ON`: a JSON file with the rules of the sign-on, see `SignOnSettings`; its defaults when absent. */
  signOn: SignOnSettings;
  /**
   * The hardware module of the embedded signing service (PKCS#11). `LIENTHONG_PKCS11_MODULE`: the vendor's library;
   * `LIENTHONG_PKCS11_LABEL`: the token's label (lienthong); `LIENTHONG_PKCS11_PIN`: its user PIN, or
   * `LIENTHONG_PKCS11_PIN_FILE`: a file with it; `LIENTHONG_PKCS11_SESSIONS`: how many signatures at once (4). What the library
   * itself reads from the environment is handed on when its name is preceded by `LIENTHONG_PKCS11_ENV_`, and nothing else
   * is. Absent: in the sandbox profile SoftHSM 2, else none.
   */
  pkcs11:
    | { module: string; label: string; pin: string; sessions: number; env: Record<string, string> }
    | undefined;
  /**
   * `LIENTHONG_SIGNING_AGENT`: where pages reach the signing agent for USB tokens on the reader's own computer
   * (wss://127.0.0.1:8987, the one of the Government's certificate authority): `ws` or `wss` on loopback, without a path.
   */
  signingAgent: string;
  /** `LIENTHONG_FLOWS_STAGE`: which flows run here, `sandbox` or `production`; as the profile by default. */
  flowStage: FlowStage;
  /** `LIENTHONG_FLOW_RUNNERS`: how many processes run flows (1), beside those that had to be set apart. */
  flowRunners: number;
  /**
   * `LIENTHONG_FLOWS_REVIEW`: `on` or `off`: whether somebody else than its author has to approve a version before production
   * gets it; on in the profile `production`.
   */
  flowsReview: boolean;
  /** `LIENTHONG_FLOWS_GIT`: the Git folder with the versions of flows (`flows.git` in the data directory); `off`: none. */
  flowsGit: string | undefined;
  /** `LIENTHONG_SANDBOX_STAFF`: how many people the sandbox province starts with (30000). */
  sandboxStaff: number;
}

/**
 * Whether this process alone works on its database: an embedded one lies behind the lock of the data directory.
 * What an earlier run had leased is then free at the start, without waiting for the leases to end.
 */
export const worksAlone = ({ databaseUrl }: Pick<Config, 'databaseUrl'>): boolean =>
  databaseUrl === undefined;

const readKey = (dataDir: string, given: string | undefined): Buffer => {
  if (given !== undefined) {
    if (!/^[0-9a-f]{64}$/i.test(given))
      throw new AppError('bad-configuration', { name: 'LIENTHONG_SECRET_KEY' });
    return Buffer.from(given, 'hex');
  }
  const file = join(dataDir, 'secret.key');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    // `wx`: of two processes that start at once only one writes; the other reads what was written.
    try {
      writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
};

const readNumber = (env: NodeJS.ProcessEnv, name: string, fallback: number): number => {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new AppError('bad-configuration', { name });
  return value;
};

/** It stands in the pages' policy as it is: anything but an address on loopback would open them to others. */
const readAgent = (given: string): string => {
  if (/^wss?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/.test(given)) return given;
  throw new AppError('bad-configuration', { name: 'LIENTHONG_SIGNING_AGENT' });
};

const readPin = (env: NodeJS.ProcessEnv): string => {
  const file = env.LIENTHONG_PKCS11_PIN_FILE;
  try {
    const pin = env.LIENTHONG_PKCS11_PIN || (file ? readFileSync(file, 'utf8').trim() : '');
    if (pin !== '') return pin;
  } catch (cause) {
    throw new AppError('bad-configuration', { name: 'LIENTHONG_PKCS11_PIN_FILE' }, { cause });
  }
  throw new AppError('bad-configuration', {
    name: file ? 'LIENTHONG_PKCS11_PIN_FILE' : 'LIENTHONG_PKCS11_PIN',
  });
};

const readPkcs11 = (env: NodeJS.ProcessEnv): Config['pkcs11'] => {
  const module = env.LIENTHONG_PKCS11_MODULE;
  if (!module) return undefined;
  if (!existsSync(module)) throw new AppError('bad-configuration', { name: 'LIENTHONG_PKCS11_MODULE' });
  const sessions = readNumber(env, 'LIENTHONG_PKCS11_SESSIONS', 4);
  if (sessions < 1 || sessions > 256)
    throw new AppError('bad-configuration', { name: 'LIENTHONG_PKCS11_SESSIONS' });
  const prefix = 'LIENTHONG_PKCS11_ENV_';
  const handed = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(prefix) && value !== undefined ? [[name.slice(prefix.length), value] as const] : [],
  );
  return {
    module,
    label: env.LIENTHONG_PKCS11_LABEL || 'lienthong',
    pin: readPin(env),
    sessions,
    env: Object.fromEntries(handed),
  };
};

/** Reads and checks the environment once; a bad value stops the start with the variable's name. */
export const readConfig = (env: NodeJS.ProcessEnv = process.env): Config => {
  const port = readNumber(env, 'PORT', 8080);
  const dataDir = resolve(env.LIENTHONG_DATA ?? '.data');
  const wanted = (env.LIENTHONG_ROLES ?? roles.join(',')).split(',').map(role => role.trim());
  for (const role of wanted)
    if (!roles.includes(role as Role)) throw new AppError('bad-configuration', { name: 'LIENTHONG_ROLES' });
  const profile = env.LIENTHONG_PROFILE ?? 'sandbox';
  if (profile !== 'sandbox' && profile !== 'production')
    throw new AppError('bad-configuration', { name: 'LIENTHONG_PROFILE' });
  const flowStage = (env.LIENTHONG_FLOWS_STAGE || profile) as FlowStage;
  if (!flowStages.includes(flowStage))
    throw new AppError('bad-configuration', { name: 'LIENTHONG_FLOWS_STAGE' });
  const flowsReview = env.LIENTHONG_FLOWS_REVIEW || (profile === 'production' ? 'on' : 'off');
  if (flowsReview !== 'on' && flowsReview !== 'off')
    throw new AppError('bad-configuration', { name: 'LIENTHONG_FLOWS_REVIEW' });
  const flowsGit = env.LIENTHONG_FLOWS_GIT || join(dataDir, 'flows.git');
  return {
    port,
    origin: env.LIENTHONG_ORIGIN ?? `http://localhost:${port}`,
    host: env.LIENTHONG_HOST ?? (profile === 'sandbox' ? '127.0.0.1' : '0.0.0.0'),
    internetPort: readNumber(env, 'LIENTHONG_INTERNET_PORT', 0) || undefined,
    profile,
    dataDir,
    roles: new Set(wanted as Role[]),
    databaseUrl: env.DATABASE_URL || undefined,
    natsUrl: env.NATS_URL || undefined,
    natsUsers: env.LIENTHONG_NATS_USERS ? resolve(env.LIENTHONG_NATS_USERS) : undefined,
    natsPublic: env.LIENTHONG_NATS_PUBLIC?.split(',').map(text => text.trim()),
    natsKeepDays: Math.max(1, readNumber(env, 'LIENTHONG_NATS_KEEP_DAYS', 30)),
    logLevel: env.LIENTHONG_LOG ?? 'info',
    secretKey: readKey(dataDir, env.LIENTHONG_SECRET_KEY || undefined),
    trustedProxies: (env.LIENTHONG_TRUSTED_PROXIES ?? 'loopback').split(',').map(text => text.trim()),
    egress: (env.LIENTHONG_EGRESS ?? (profile === 'sandbox' ? 'loopback,private' : 'private'))
      .split(',')
      .map(text => text.trim())
      .filter(text => text !== ''),
    keepMonths: readNumber(env, 'LIENTHONG_KEEP_MONTHS', 24),
    signOn: readSignOnSettings(env.LIENTHONG_SIGN_ON || undefined),
    pkcs11: readPkcs11(env),
    signingAgent: readAgent(env.LIENTHONG_SIGNING_AGENT || 'wss://127.0.0.1:8987'),
    flowStage,
    flowRunners: Math.max(1, readNumber(env, 'LIENTHONG_FLOW_RUNNERS', 1)),
    flowsReview: flowsReview === 'on',
    flowsGit: flowsGit === 'off' ? undefined : resolve(flowsGit),
    sandboxStaff: readNumber(env, 'LIENTHONG_SANDBOX_STAFF', 30_000),
  };
};
