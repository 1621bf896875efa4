import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { withDirectory } from '#sso/upstream/ldap/directory.ts';
import { type Directory, startDirectory } from '#tests/sso/upstream/start-directory.ts';

describe('A connection to a directory', () => {
  let directory: Directory;
  let between: Server;
  const sockets: Socket[] = [];
  before(async () => {
    directory = await startDirectory();
    const port = Number(new URL(directory.url).port);
    between = createServer(socket => {
      sockets.push(socket);
      const there = connect(port, '127.0.0.1').on('error', () => socket.destroy());
      socket.on('error', () => there.destroy()).on('close', () => there.destroy());
      socket.pipe(there).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    between?.close();
    await directory?.stop();
  });

  it('is never made anew when it is lost: the new one would be nobody’s, and in the clear after StartTLS', async () => {
    const { port } = between.address() as AddressInfo;
    const settings = {
      url: `ldap://localhost:${port}`,
      ...directory.service,
      usernameAttribute: 'uid',
      keyAttribute: 'employeeNumber',
    };
    await assert.rejects(
      withDirectory(settings, async client => {
        const lost = once(sockets[0]!, 'close');
        sockets[0]!.destroy();
        await lost;
        // The first request finds the loss; what would come next is a person's password.
        await client.search(directory.service.baseDn).catch(() => {});
        await client.bind('uid=an,dc=tinh', 'mật khẩu của An');
      }),
      /connection lost/,
    );
    assert.equal(sockets.length, 1);
  });
});
