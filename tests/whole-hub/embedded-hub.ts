import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseFreePort } from '#tests/support/free-port.ts';

import { compareRegisterAndApps } from './compare-register-and-apps.ts';
import { type HubPlan, type RunningHub, runHub, stopHubs } from './run-hub.ts';

/** A hub with everything embedded, and what is planted in its apps at the beginning. */
export interface EmbeddedHub {
  /** The hub that runs now; a restart puts another one here. */
  hub: RunningHub;
  dataDir: string;
  planted: ReadonlySet<string>;
  /** Starts again on the same data after `kill` or `interrupt`. */
  restart(): Promise<RunningHub>;
}

let shared: Promise<EmbeddedHub> | undefined;

const start = async (): Promise<EmbeddedHub> => {
  const plan: HubPlan = {
    dataDir: await mkdtemp(join(tmpdir(), 'lienthong-whole-')),
    port: await chooseFreePort(),
  };
  const hub = await runHub(plan);
  const embedded: EmbeddedHub = {
    hub,
    dataDir: plan.dataDir,
    planted: new Set(await compareRegisterAndApps(hub)),
    async restart() {
      embedded.hub = await runHub(plan);
      return embedded.hub;
    },
  };
  after(async () => {
    await stopHubs(plan.dataDir);
    await rm(plan.dataDir, { recursive: true, force: true });
  });
  return embedded;
};

/** The one hub of all specs here that need nothing special: a start costs seconds. */
export const embeddedHub = (): Promise<EmbeddedHub> => {
  shared ??= start();
  return shared;
};
