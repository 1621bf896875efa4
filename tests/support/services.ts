import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedServices,
  startEmbeddedServices,
} from '#hub/platform/embedded/start-embedded-services.ts';
import { createLog } from '#hub/platform/log.ts';

/** The servers that specs share. The user of `databaseUrl` may create databases. */
export interface TestServices {
  databaseUrl: string;
  natsUrl: string;
}

let ours: Promise<{ services: EmbeddedServices; dataDir: string }> | undefined;

const start = async (): Promise<{ services: EmbeddedServices; dataDir: string }> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-test-'));
  return {
    services: await startEmbeddedServices({ dataDir, log: createLog('warn', 'test-services') }),
    dataDir,
  };
};

/** PostgreSQL and NATS for a spec: those of the test run, or, when a spec runs alone, started at the first call. */
export const testServices = async (): Promise<TestServices> => {
  const { TEST_DATABASE_URL, TEST_NATS_URL } = process.env;
  if (TEST_DATABASE_URL && TEST_NATS_URL) return { databaseUrl: TEST_DATABASE_URL, natsUrl: TEST_NATS_URL };
  ours ??= start();
  const { databaseUrl, natsUrl } = (await ours).services;
  if (databaseUrl === undefined || natsUrl === undefined)
    throw new Error('The tests need nats-server (Debian package: nats-server).');
  return { databaseUrl, natsUrl };
};

/** Stops what `testServices` started here, and removes its data. */
export const stopTestServices = async (): Promise<void> => {
  const started = ours;
  ours = undefined;
  if (!started) return;
  const { services, dataDir } = await started;
  await services.stop();
  await rm(dataDir, { recursive: true, force: true });
};
