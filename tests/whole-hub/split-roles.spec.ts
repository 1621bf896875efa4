import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

import { compareRegisterAndApps } from './compare-register-and-apps.ts';
import { movedSince, registerByCode, waitForRegister, waitUntilInStep } from './follow-changes.ts';
import { type OutsideServers, startOutsideServers } from './outside-servers.ts';
import { type RunningHub, runHub, stopHubs } from './run-hub.ts';

describe('Roles in processes of their own', function () {
  this.timeout(120_000);
  let folder: string;
  let servers: OutsideServers;
  let hub: RunningHub;
  let signOn: RunningHub;
  let connectors: RunningHub;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lienthong-roles-'));
    servers = await startOutsideServers(folder);
    const port = await chooseFreePort();
    const env = {
      DATABASE_URL: servers.databaseUrl,
      NATS_URL: servers.natsUrl,
      LIENTHONG_SECRET_KEY: randomBytes(32).toString('hex'),
      LIENTHONG_ORIGIN: `http://localhost:${port}`,
    };
    const one = join(folder, 'one');
    const first = await runHub({ dataDir: one, port, env });
    // From here on each role is on its own; the apps go on with the hub.
    await first.interrupt();
    const outside = { ...env, LIENTHONG_PROFILE: 'production' };
    const signOnPort = await chooseFreePort();
    const tokens = `http://localhost:${signOnPort}`;
    const run = async (role: string, ownPort: number) =>
      runHub({
        dataDir: join(folder, role),
        port: ownPort,
        sandboxOf: one,
        signOn: tokens,
        env: { ...outside, LIENTHONG_ROLES: role },
      });
    [signOn, connectors, hub] = await Promise.all([
      run('sso', signOnPort),
      run('connectors', await chooseFreePort()),
      runHub({ dataDir: one, port, signOn: tokens, env: { ...env, LIENTHONG_ROLES: 'hub' } }),
    ]);
  });
  after(async () => {
    await stopHubs(folder);
    await servers?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('open a door each: alive, ready, and with what is theirs', async () => {
    for (const process of [hub, signOn, connectors]) assert.equal((await process.ask('/readyz')).status, 200);
    assert.equal((await signOn.ask('/sso/jwks')).status, 200);
    assert.equal((await signOn.ask('/api/v1/staff')).status, 404);
    assert.equal((await hub.ask('/sso/jwks')).status, 404);
  });

  it('show through the hub who is signed in elsewhere', async () => {
    const { items } = await hub.get<{ items: { id: string }[] }>('/api/v1/staff?limit=1');
    const sessions = await hub.get<{ items: unknown[] }>(`/api/v1/staff/${items[0]!.id}/sessions`);
    assert.deepEqual(sessions.items, []);
  });

  it('show through the hub the connectors that run elsewhere', async () => {
    // Processes that start together find each other after a moment.
    const { items } = await waitUntil(
      'the connectors to be found',
      () => hub.get<{ items: { id: string }[] }>('/api/v1/connectors').catch(() => undefined),
      { withinMs: 30_000 },
    );
    assert.equal(items.length, 8);
    const check = await hub.ask('/api/v1/connectors/mail/check', { method: 'POST' });
    assert.deepEqual(((await check.json()) as { ok: boolean }).ok, true);
  });

  it('carry a change from the HR software to every app', async () => {
    const planted = new Set(await compareRegisterAndApps(hub));
    const before = await registerByCode(hub);
    const moved = await hub.act({ action: 'many', kind: 'move', count: 20 });
    await waitForRegister(hub, moved.codes, movedSince(before));
    await waitUntilInStep(hub, planted);
  });
});
