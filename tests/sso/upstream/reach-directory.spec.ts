import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { UpstreamCheck } from '#schemas/upstream.ts';
import { type DirectorySignIn, startDirectorySignIn } from '#tests/sso/upstream/start-directory-sign-in.ts';

describe('A directory that is away, or that must be reached in a certain way', () => {
  let started: DirectorySignIn;
  before(async () => {
    started = await startDirectorySignIn();
  });
  after(() => started?.stop());
  const wrong = /không đúng/;

  it('says that the directory is away, counts no wrong password, and holds nobody up who has a password here', async () => {
    const { directory, signOn, configure, signIn, assertIn, assertRefused, newcomer, auditOf } = started;
    const [own, theirs] = [await signOn.hire('Phạm Thị Riêng'), await newcomer('cho')];
    await directory.pause();
    for (let attempt = 0; attempt < 5; attempt += 1)
      assertRefused(await signIn('cho', 'Trong danh bạ 1!'), /không bị tính là sai mật khẩu/);
    assertIn(await signIn(own.username, own.password));
    assert.ok(!(await auditOf(theirs)).includes('sign-in.refused'));
    await directory.start();
    // Other settings are a new beginning: what was counted against the old ones is forgotten.
    await configure('danh-ba');
    assertIn(await signIn('cho', 'Trong danh bạ 1!'));
  });

  it('asks a directory that never answers no more, after three who waited for it', async () => {
    const { configure, signIn, assertRefused, newcomer, settings } = started;
    await newcomer('doi');
    const sockets: Socket[] = [];
    const silent = createServer(socket => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await configure('danh-ba', { ldap: { ...settings(), url: `ldap://127.0.0.1:${port}` } });
    const away = /không bị tính là sai mật khẩu/;
    const waited = [1, 2, 3].map(() => signIn('doi', 'Trong danh bạ 1!'));
    for (const page of await Promise.all(waited)) assertRefused(page, away);
    assert.equal(sockets.length, 3);
    assertRefused(await signIn('doi', 'Trong danh bạ 1!'), away);
    assert.equal(sockets.length, 3);
    for (const socket of sockets) socket.destroy();
    silent.close();
    await configure('danh-ba');
  });

  it('speaks TLS where it is told to, with the certificate it is told to trust', async () => {
    const { directory, api, configure, signIn, assertIn, newcomer, settings } = started;
    await newcomer('kin');
    const startTls = (more: object) =>
      configure('danh-ba', { ldap: { ...settings(), startTls: true, ...more } });
    await startTls({});
    assert.equal((await api.post<UpstreamCheck>('sources/danh-ba/check')).problem, 'connect');
    await startTls({ ca: directory.ca });
    assertIn(await signIn('kin', 'Trong danh bạ 1!'));
    await configure('danh-ba');
  });

  it("puts the directory's word first where it is told to, and our own while it is away", async () => {
    const { directory, signOn, configure, signIn, assertIn, assertRefused, settings } = started;
    const person = await signOn.hire('Đỗ Văn Trước', { password: 'Của trục 1!' });
    await directory.add({ uid: person.username, code: person.code, password: 'Trong danh bạ 9!' });
    await configure('danh-ba', { migratePasswords: false, ldap: { ...settings(), always: true } });
    assertRefused(await signIn(person.username, 'Của trục 1!'), wrong);
    assertIn(await signIn(person.username, 'Trong danh bạ 9!'));
    await directory.pause();
    assertIn(await signIn(person.username, 'Của trục 1!'));
    await directory.start();
    await configure('danh-ba');
  });
});
