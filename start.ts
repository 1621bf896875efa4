import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { startGateway } from '#hub/gateway/start-gateway.ts';
import { createBroker } from '#hub/platform/broker.ts';
import { type Config, readConfig } from '#hub/platform/config.ts';
import { isDatabaseThere, openDatabase } from '#hub/platform/database.ts';
import { startEmbeddedServices } from '#hub/platform/embedded/start-embedded-services.ts';
import { createEventTail } from '#hub/platform/events/event-tail.ts';
import { createEventViewers } from '#hub/platform/events/event-viewers.ts';
import { explainStartFailure } from '#hub/platform/explain-start-failure.ts';
import { findParts } from '#hub/platform/find-parts.ts';
import { createLog } from '#hub/platform/log.ts';
import { sayBoth } from '#hub/platform/messages.ts';
import { migrate } from '#hub/platform/migrate.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { passTransactionIds } from '#hub/platform/pass-transaction-ids-store.ts';
import { createSecrets } from '#hub/platform/secrets.ts';
import { createWake } from '#hub/platform/wake.ts';
import type { SandboxReady } from '#sandbox/main.ts';
import { prepareSandbox, prepareSandboxSigning } from '#sandbox/prepare-sandbox.ts';
import { printWelcome } from '#sandbox/print-welcome.ts';

/** Tokens and discovery name the origin, so a free port is chosen before anything is made. */
const chooseFreePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const withPort = async (config: Config): Promise<Config> => {
  if (config.port !== 0) return config;
  const port = await chooseFreePort(config.host);
  return { ...config, port, origin: config.origin.replace(/:0$/, `:${port}`) };
};

/** The outside apps in a process of their own, as in life. */
const startSandbox = (config: Config): { child: ChildProcess; ready: Promise<SandboxReady> } => {
  const orders = JSON.stringify({
    dataDir: join(config.dataDir, 'sandbox'),
    staff: config.sandboxStaff,
    hubOrigin: config.origin,
  });
  const child = fork(join(import.meta.dirname, 'sandbox', 'main.ts'), [orders], { detached: true });
  const ready = new Promise<SandboxReady>((resolve, reject) => {
    child.once('message', message => resolve(message as SandboxReady));
    child.once('exit', code => reject(new Error(`the sandbox apps ended (${code})`)));
  });
  return { child, ready };
};

// Until everything runs, what stops the start is told in words; afterwards a crash is a crash.
const failStart = (error: unknown): void => {
  process.stderr.write(`${explainStartFailure(error) ?? inspect(error)}\n`);
  process.exit(1);
};
process.on('uncaughtException', failStart);

const config = await withPort(readConfig());
const log = createLog(config.logLevel);
const isHub = config.roles.has('hub');
const playsSandbox = config.profile === 'sandbox' && isHub;

if (playsSandbox && !existsSync(join(config.dataDir, 'sandbox.json')))
  process.stdout.write(`${sayBoth('start.preparing', { count: config.sandboxStaff })}\n`);
const services = await startEmbeddedServices({
  dataDir: config.dataDir,
  log,
  database: config.databaseUrl === undefined,
  nats: config.natsUrl === undefined,
});
const sandbox = playsSandbox ? startSandbox(config) : undefined;
if (sandbox?.child.pid !== undefined) services.watchdog.guard(sandbox.child.pid, 'SIGTERM');
sandbox?.ready.catch(() => {});

const databaseUrl = config.databaseUrl ?? services.databaseUrl!;
const natsUrl = config.natsUrl === 'off' ? undefined : (config.natsUrl ?? services.natsUrl);
const db = openDatabase(databaseUrl);
await migrate(db);
const passed = await passTransactionIds(db);
if (passed > 0)
  log.warn({ passed }, 'the log is older than this database server (a restored dump): its ids were passed');
const wake = await createWake(natsUrl);
const broker = createBroker({
  nodeId: `${[...config.roles].join('-')}-${randomUUID().slice(0, 8)}`,
  log,
  ...(natsUrl === undefined ? {} : { natsUrl }),
});
const context: PartContext = {
  db,
  call: broker.call,
  log,
  config,
  wake,
  tail: createEventTail(db, wake, log),
  viewers: createEventViewers(broker.call),
  secrets: createSecrets(config.secretKey),
  nats: natsUrl === undefined ? undefined : { url: natsUrl, usersFile: config.natsUsers, ...services.nats },
};
const found = (await findParts()).map(({ role, create }) => ({ role, part: create(context) }));
const parts = found.filter(({ role }) => config.roles.has(role)).map(({ part }) => part);
for (const part of parts) broker.offer(part);
await broker.start();

// Every process has its own door: alive at once, ready when every part that runs here is. The hub's door also
// leads to the connectors and the sign-on, wherever they run: their routes only ask, or change the database.
const routes = found
  .filter(({ role }) => config.roles.has(role) || (isHub && (role === 'connectors' || role === 'sso')))
  .flatMap(({ part }) => part.routes ?? []);
const mounts = parts.flatMap(part => part.mounts ?? []);
const ready = new Set<string>();
const gateway = await startGateway(
  context,
  routes,
  async () => ({
    ready: parts.every(part => ready.has(part.name)) && wake.connected() && (await isDatabaseThere(db)),
    roles: Object.fromEntries(parts.map(part => [part.name, ready.has(part.name)])),
  }),
  mounts,
);

if (sandbox !== undefined) {
  const news = await prepareSandbox({ call: broker.call, config, ...(await sandbox.ready) });
  sandbox.child.send(news);
}
for (const part of parts) await part.start?.();
if (sandbox !== undefined) await prepareSandboxSigning({ call: broker.call, config });
for (const part of parts) ready.add(part.name);
if (playsSandbox) printWelcome(config);
process.off('uncaughtException', failStart);
log.info({ origin: gateway.origin, roles: [...config.roles] }, 'ready');

let stopping = false;
/** Drains, then stops everything that was started here, in the reverse order. */
const stop = async (code: number): Promise<void> => {
  if (stopping) return;
  stopping = true;
  log.info('stopping');
  ready.clear();
  await gateway.stop();
  for (const part of parts.toReversed()) await part.stop?.();
  await broker.stop();
  await context.tail.stop();
  await wake.stop();
  await db.destroy();
  if (sandbox !== undefined) {
    sandbox.child.kill('SIGTERM');
    if (sandbox.child.pid !== undefined) services.watchdog.forget(sandbox.child.pid);
  }
  await services.stop();
  process.exit(code);
};
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
void services.lost.then(() => {
  if (stopping) return;
  log.error('an embedded server ended; stopping');
  void stop(1);
});
