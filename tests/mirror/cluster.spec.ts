import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { findNatsServer } from '#hub/platform/embedded/find-nats-server.ts';
import { readNatsUrl } from '#hub/platform/embedded/read-nats-url.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createLog } from '#hub/platform/log.ts';
import { connectApp, consume } from '#tests/mirror/app-client.ts';
import { type MirrorGateway, startMirrorGateway } from '#tests/mirror/mirror-gateway.ts';
import type { TestNats } from '#tests/mirror/nats-server.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

const deploy = join(import.meta.dirname, '../../deploy/nats');

describe('The three NATS servers of deploy/nats', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-cluster-'));
  const usersFile = join(folder, 'etc/nats/users/users.conf');
  const servers: ChildProcess[] = [];
  let url: string;
  let ports: number[];
  let gate: MirrorGateway | undefined;
  const connections: NatsConnection[] = [];
  const as = async (address: ReturnType<typeof readNatsUrl>): Promise<NatsConnection> => {
    const one = await connect(address);
    connections.push(one);
    return one;
  };

  /** The files of deploy/nats as they are, but for addresses and folders. */
  const startServer = (at: number, routes: number[], monitor: number): ChildProcess => {
    const settings = readFileSync(join(deploy, 'nats.conf'), 'utf8')
      .replaceAll('host: 0.0.0.0', 'host: 127.0.0.1')
      .replace('port: 4222', `port: ${ports[at]}`)
      .replace('port: 6222', `port: ${routes[at]}`)
      .replace('127.0.0.1:8222', `127.0.0.1:${monitor}`)
      .replace('store_dir: /data', `store_dir: ${JSON.stringify(join(folder, `data-${at}`))}`);
    const file = join(folder, 'etc/nats', `nats-${at}.conf`);
    writeFileSync(file, settings);
    return spawn('sh', [join(deploy, 'run-nats.sh'), file, usersFile], {
      stdio: 'ignore',
      env: {
        ...process.env,
        NATS_NAME: `nats-${at}`,
        PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter),
      },
    });
  };

  before(async () => {
    const program = await findNatsServer({
      cacheDir: join(homedir(), '.cache', 'lienthong'),
      log: createLog('silent'),
    });
    for (const name of ['etc/nats/users', 'run/secrets', 'bin'])
      mkdirSync(join(folder, name), { recursive: true });
    symlinkSync(program!, join(folder, 'bin/nats-server'));
    ports = await Promise.all([chooseFreePort(), chooseFreePort(), chooseFreePort()]);
    const routes = await Promise.all([chooseFreePort(), chooseFreePort(), chooseFreePort()]);
    const monitors = await Promise.all([chooseFreePort(), chooseFreePort(), chooseFreePort()]);
    const list = routes.map(port => `"nats-route://route:r@127.0.0.1:${port}"`).join(', ');
    writeFileSync(
      join(folder, 'run/secrets/nats-secrets.conf'),
      `CLIENT_PASSWORD: "hub"\nROUTE_PASSWORD: "r"\nROUTES: [ ${list} ]\n`,
    );
    writeFileSync(usersFile, '');
    for (const at of [0, 1, 2]) servers.push(startServer(at, routes, monitors[at]!));
    url = ports.map(port => `nats://lienthong:hub@127.0.0.1:${port}`).join(',');
    await waitUntil(
      'a leader of JetStream',
      async () => {
        const one = await connect({ ...readNatsUrl(url), reconnect: false }).catch(() => undefined);
        const info = one && (await jetstreamManager(one).catch(() => undefined));
        await one?.close();
        return info !== undefined;
      },
      { withinMs: 30_000, everyMs: 200 },
    );
    const outside = {
      url,
      manager: async () => jetstreamManager(await as(readNatsUrl(url)), { checkAPI: false }),
    };
    gate = await startMirrorGateway(outside as TestNats, { nats: { url, usersFile } });
  });
  after(async () => {
    await gate?.stop();
    await Promise.all(connections.map(one => one.close()));
    for (const server of servers.filter(one => one.exitCode === null)) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('keep every stream three times, let apps in when the hub has written the file, and lose nothing with a server', async () => {
    const hubGate = gate!;
    const write = (count: number) =>
      hubGate.hub.write(Array.from({ length: count }, () => ({ name: 'staff.joined' as const })));
    await write(50);
    await hubGate.hub.mirrored();
    await hubGate.hub.app('portal');
    const access = await hubGate.grant('portal');
    connections.push(await connectApp(access));
    const app = await as({ servers: access.servers, user: access.user, pass: access.password });
    const reader = consume(app, access);
    await reader.all(await hubGate.hub.log());
    const manager = await jetstreamManager(await as(readNatsUrl(url)));
    for (const stream of ['LIENTHONG', 'LIENTHONG_PORTAL'])
      assert.equal((await manager.streams.info(stream)).config.num_replicas, 3, stream);
    const { created } = await manager.streams.info('LIENTHONG');

    servers[2]!.kill('SIGTERM');
    await once(servers[2]!, 'exit');
    await write(50);
    await hubGate.hub.mirrored();
    await reader.all(await hubGate.hub.log());
    reader.stop();
    const info = await waitUntil(
      'the servers to answer',
      () => manager.streams.info('LIENTHONG').catch(() => undefined),
      { withinMs: 20_000 },
    );
    assert.equal(info.created, created, 'it was not built again');
  });
});
