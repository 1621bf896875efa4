import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { readPerson } from '#flows/channel/person-at-editor.ts';
import { createEditorDoor } from '#flows/supervise/editor-door.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { giveName } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

/** Tells who it was told is there; its WebSockets say so and stay open. */
const playEditor = (): Server => {
  const server = createServer((request, response) => {
    const { cookie, authorization, 'x-lienthong-person': person } = request.headers;
    response.end(JSON.stringify({ cookie, authorization, person: readPerson(String(person)) }));
  });
  return server.on('upgrade', (request, socket) => {
    joined.add(socket);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    socket.write(`hello ${readPerson(String(request.headers['x-lienthong-person'])).right}\n`);
    socket.on('error', () => socket.destroy());
    // Sockets of servers stay half open: as any WebSocket server it says good-bye when it is told so.
    socket.on('end', () => socket.end()).resume();
  });
};

/** WebSockets that have come to the editor. */
const joined = new Set<Duplex>();

describe('The door to the flow editor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-door-'));
  const socketPath = join(folder, 'editor.sock');
  let played: Server;
  let away = false;
  let signOn: SignOn;
  let person: Person;
  let cookie: string;
  before(async () => {
    played = playEditor().listen(socketPath);
    const editor = { socketPath: () => (away ? undefined : socketPath) };
    signOn = await startSignOn({
      parts: [
        context => ({
          name: 'door',
          actions: {},
          mounts: [createEditorDoor(context, editor, { askAgainAfterMs: 50 })],
        }),
      ],
    });
  });
  beforeEach(async () => {
    person = await signOn.hire('Nguyễn Văn An');
    await give('flows-editor');
    const browse = createBrowse();
    await giveName(browse, await browse.open(`${signOn.origin}/`), person);
    cookie = await browse.jar.getCookieString(`${signOn.origin}/flows/`);
  });
  after(async () => {
    await signOn.stop();
    played.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const give = (...roles: ('flows-editor' | 'flows-viewer')[]) =>
    signOn.hub.call('sso.set-roles', { staffId: person.id, roles, actor: 'test' });
  const open = (origin = signOn.origin, cookies = cookie): Socket => {
    const socket = connect(Number(new URL(signOn.origin).port), '127.0.0.1');
    const lines = [
      'GET /flows/comms HTTP/1.1',
      'Host: hub',
      'Connection: Upgrade',
      'Upgrade: websocket',
      `Origin: ${origin}`,
      `Cookie: ${cookies}`,
    ];
    socket.on('error', () => {});
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return socket;
  };
  const readUntil = async (socket: Socket, end: string): Promise<string> => {
    let text = '';
    while (!text.includes(end)) text += String((await once(socket, 'data'))[0]);
    return text;
  };

  it('tells the editor who is there, and gives it nothing by which it could be that person elsewhere', async () => {
    const answer = await fetch(`${signOn.origin}/flows/x`, {
      headers: { cookie, authorization: 'Bearer x' },
    });
    const told = { staffId: person.id, name: person.name, right: 'write' };
    assert.deepEqual(await answer.json(), { person: told });
  });

  it('hands WebSockets on, and ends them when the role is withdrawn or becomes another', async () => {
    const socket = open();
    const closed = once(socket, 'close');
    assert.match(await readUntil(socket, 'hello write'), /^HTTP\/1\.1 101/);
    await give('flows-viewer');
    await closed;
    const viewing = open();
    assert.match(await readUntil(viewing, 'hello'), /hello/);
    const ended = once(viewing, 'close');
    await give();
    await ended;
    const isGone = () => joined.size === 2 && [...joined].every(({ closed }) => closed);
    await waitUntil('the editor to have nobody any more', isGone, { withinMs: 5000 });
  });

  it('opens no WebSocket to other pages, nor to who is nobody', async () => {
    const sockets = [open('https://other.example'), open(signOn.origin, '')];
    let got = '';
    for (const socket of sockets)
      socket.on('data', data => {
        got += String(data);
      });
    await Promise.all(sockets.map(socket => once(socket, 'close')));
    assert.equal(got, '');
  });

  it('says that the editor is on its way while it is not there', async () => {
    away = true;
    const page = await fetch(`${signOn.origin}/flows/`, { headers: { cookie, accept: 'text/html' } });
    assert.equal(page.status, 503);
    assert.equal(page.headers.get('refresh'), '3');
    assert.match(await page.text(), /đang khởi động/);
    const english = await fetch(`${signOn.origin}/flows/settings`, {
      headers: { cookie, 'accept-language': 'en' },
    });
    assert.match(await english.text(), /is starting/);
    away = false;
  });

  it('says the same when the editor goes away while it answers', async () => {
    const request = once(played, 'request');
    played.prependOnceListener('request', (_request, response) => response.destroy());
    const answer = await fetch(`${signOn.origin}/flows/settings`, { headers: { cookie } });
    await request;
    assert.equal(answer.status, 503);
  });
});
