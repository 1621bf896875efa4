import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import RED from 'node-red';
import { keepNothing } from '#flows/runner/keep-nothing.ts';

/** Node-RED as it comes, with one flow: `POST /in`, a call of the app, and the answer. No guarantee of any kind. */
const [app] = process.argv.slice(2) as [string];
const at = (id: string, type: string, more: object) => ({ id, type, z: 'f', x: 1, y: 1, ...more });
const contents = [
  { id: 'f', type: 'tab', label: 'plain' },
  at('in', 'http in', { method: 'post', url: '/in', wires: [['call']] }),
  at('call', 'http request', { method: 'POST', url: app, ret: 'obj', paytoqs: 'ignore', wires: [['out']] }),
  at('out', 'http response', { wires: [] }),
];
const userDir = mkdtempSync(join(tmpdir(), 'lienthong-plain-'));
process.on('exit', () => rmSync(userDir, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));

const web = createServer();
RED.init(web, {
  httpAdminRoot: false,
  httpNodeRoot: '/',
  userDir,
  credentialSecret: false,
  storageModule: keepNothing(contents, {}),
  logging: { console: { level: 'warn' } },
});
web.on('request', (RED as unknown as { httpNode: (...given: unknown[]) => void }).httpNode);
const running = new Promise<void>(resolve => RED.events.once('flows:started', () => resolve()));
await RED.start();
await running;
web.listen(0, '127.0.0.1', () => process.send?.({ port: (web.address() as AddressInfo).port }));
