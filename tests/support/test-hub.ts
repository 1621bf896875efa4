import { randomUUID } from 'node:crypto';
import { createBroker } from '#hub/platform/broker.ts';
import type { Call } from '#hub/platform/calls.ts';
import type { Config } from '#hub/platform/config.ts';
import { type Database, openDatabase } from '#hub/platform/database.ts';
import { createEventTail } from '#hub/platform/events/event-tail.ts';
import { createEventViewers } from '#hub/platform/events/event-viewers.ts';
import { createLog } from '#hub/platform/log.ts';
import { migrate, migrationsDigest } from '#hub/platform/migrate.ts';
import type { CreatePart, Part, PartContext } from '#hub/platform/part.ts';
import { readSignOnSettings } from '#hub/platform/read-sign-on-settings.ts';
import { createSecrets } from '#hub/platform/secrets.ts';
import { createWake } from '#hub/platform/wake.ts';
import { createTemplateDatabase, createTestDatabase } from '#tests/support/database.ts';

/** A database with the newest schema, cloned from a template that is made once. */
export const createMigratedDatabase = async (): Promise<{ url: string; drop(): Promise<void> }> => {
  const template = `lienthong_${migrationsDigest()}`;
  await createTemplateDatabase(template, async url => {
    const db = openDatabase(url, 2);
    await migrate(db);
    await db.destroy();
  });
  return createTestDatabase({ template });
};

export interface TestHub {
  db: Database;
  databaseUrl: string;
  call: Call;
  context: PartContext;
  parts: Part[];
  /** Stops the parts, closes and drops the database. */
  stop(): Promise<void>;
}

/**
 * The given parts on a database of their own, joined by a broker without NATS. `started: false` leaves
 * background work off.
 */
export const createTestHub = async (
  create: CreatePart[],
  options: {
    started?: boolean;
    config?: Partial<Config>;
    signOn?: Partial<Config['signOn']>;
    stubs?: Part[];
    databaseUrl?: string;
    natsUrl?: string;
  } = {},
): Promise<TestHub> => {
  const database =
    options.databaseUrl === undefined
      ? await createMigratedDatabase()
      : { url: options.databaseUrl, drop: async () => {} };
  const db = openDatabase(database.url, 10);
  const log = createLog('silent');
  const broker = createBroker({
    nodeId: `test-${randomUUID()}`,
    log,
    ...(options.natsUrl === undefined ? {} : { natsUrl: options.natsUrl }),
  });
  const wake = await createWake(options.natsUrl);
  const config: Config = {
    port: 0,
    origin: 'http://localhost',
    host: '127.0.0.1',
    internetPort: undefined,
    profile: 'sandbox',
    dataDir: '/nonexistent',
    roles: new Set(['hub']),
    databaseUrl: database.url,
    natsUrl: undefined,
    natsUsers: undefined,
    natsPublic: undefined,
    natsKeepDays: 30,
    logLevel: 'silent',
    secretKey: Buffer.alloc(32, 7),
    trustedProxies: ['loopback'],
    egress: ['loopback', 'private'],
    keepMonths: 24,
    signOn: { ...readSignOnSettings(undefined), ...options.signOn },
    pkcs11: undefined,
    signingAgent: 'ws://127.0.0.1:1',
    flowStage: 'sandbox',
    flowRunners: 1,
    flowsReview: false,
    flowsGit: undefined,
    sandboxStaff: 0,
    ...options.config,
  };
  const context: PartContext = {
    db,
    call: broker.call,
    log,
    config,
    wake,
    tail: createEventTail(db, wake, log),
    viewers: createEventViewers(broker.call),
    secrets: createSecrets(config.secretKey),
  };
  const parts = [...create.map(make => make(context)), ...(options.stubs ?? [])];
  for (const part of parts) broker.offer(part);
  await broker.start();
  if (options.started !== false) for (const part of parts) await part.start?.();
  return {
    db,
    databaseUrl: database.url,
    call: broker.call,
    context,
    parts,
    async stop() {
      for (const part of parts) await part.stop?.();
      await broker.stop();
      await context.tail.stop();
      await wake.stop();
      await db.destroy();
      await database.drop();
    },
  };
};
