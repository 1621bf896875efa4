import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { buildServer } from '#hub/platform/http/build-server.ts';
import { cameByInternetDoor, createInternetDoor } from '#hub/platform/http/internet-door.ts';
import { createLogBook } from '#tests/http/start-edge.ts';

/** What comes back for a request that offers to change the protocol, until `end` stands in it. */
const offer = async (port: number, path: string, headers: string[], end: string) => {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\n${headers.join('\r\n')}\r\n\r\n`);
  let text = '';
  while (!text.includes(end)) text += String((await once(socket, 'data'))[0]);
  return { text, socket };
};
const webSocket = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'X-Forwarded-For: 10.1.2.3'];

describe('Connections that become WebSockets', () => {
  let app: FastifyInstance;
  let door: Server;
  let port: number;
  let internetPort: number;
  before(async () => {
    app = buildServer({
      log: createLogBook().log,
      authenticate: async () => ({ clientId: 'nobody', scopes: [] }),
      routes: [],
      mounts: [
        {
          paths: ['/live'],
          handle: (_request, response) => response.end('plain'),
          upgrade(request, socket, _head, { address, requestId }) {
            socket.write(
              'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
            );
            const known = { address, internet: cameByInternetDoor(request), named: requestId.length === 36 };
            socket.write(`${JSON.stringify(known)}\n`);
          },
        },
        { paths: ['/quiet'], handle: (_request, response) => response.end('plain') },
      ],
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    port = (app.server.address() as AddressInfo).port;
    door = createInternetDoor(app.server).listen(0, '127.0.0.1');
    await once(door, 'listening');
    internetPort = (door.address() as AddressInfo).port;
  });
  after(async () => {
    door.close();
    await app.close();
  });

  it('are handed to their mount with what the edge knows, by both doors', async () => {
    for (const [at, internet] of [
      [port, false],
      [internetPort, true],
    ] as const) {
      const { text, socket } = await offer(at, '/live/comms?x=1', webSocket, '}');
      assert.match(text, /^HTTP\/1\.1 101 /);
      assert.deepEqual(JSON.parse(/\{.*\}/.exec(text)![0]), { address: '10.1.2.3', internet, named: true });
      socket.destroy();
    }
  });

  it('are plain requests where no mount takes them, and so is any other protocol that is offered', async () => {
    const other = ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'];
    for (const [path, headers] of [
      ['/live', other],
      ['/quiet', webSocket],
    ] as const) {
      const { text, socket } = await offer(port, path, [...headers], 'plain');
      assert.match(text, /^HTTP\/1\.1 200 /);
      socket.destroy();
    }
    const { text, socket } = await offer(port, '/live-not', webSocket, 'not-found');
    assert.match(text, /^HTTP\/1\.1 404 /);
    socket.destroy();
  });

  it('end with the server', async () => {
    const { socket } = await offer(port, '/live', webSocket, '}');
    const closed = once(socket, 'close');
    await app.close();
    await closed;
  });
});
