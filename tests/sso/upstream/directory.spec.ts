import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import * as oidc from 'openid-client';
import type {
  UnlinkedAccount,
  UpstreamCheck,
  UpstreamComparison,
  UpstreamSource,
} from '#schemas/upstream.ts';
import { createBrowse, type Visit } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { callSignOn, type SignOnApi } from '#tests/sso/upstream/sign-on-api.ts';
import { type Directory, startDirectory } from '#tests/sso/upstream/start-directory.ts';

describe('Signing in with the password of a directory', () => {
  let directory: Directory;
  let signOn: SignOn;
  let api: SignOnApi;
  let authorise: string;
  const callback = 'http://app.test/callback';
  const settings = () => ({
    url: directory.url,
    ...directory.service,
    usernameAttribute: 'uid',
    keyAttribute: 'employeeNumber',
  });
  const configure = (id: string, more: object = {}) =>
    api.put<UpstreamSource>(`sources/${id}`, {
      name: 'Danh bạ',
      key: 'code',
      enabled: true,
      migratePasswords: true,
      ldap: settings(),
      ...more,
    });

  before(async () => {
    directory = await startDirectory();
    signOn = await startSignOn();
    api = await callSignOn(signOn);
    const { clientId } = await signOn.client('portal', { redirectUris: [callback], public: true });
    authorise = `${signOn.origin}/sso/auth?${new URLSearchParams({
      client_id: clientId,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge('v'.repeat(43)),
      code_challenge_method: 'S256',
    })}`;
    await configure('danh-ba');
  });
  after(async () => {
    await signOn?.stop();
    await directory?.stop();
  });

  const signIn = async (username: string, password: string): Promise<Visit> => {
    const browse = createBrowse(['http://app.test/']);
    return browse.submit(await browse.open(authorise), { username, password });
  };
  const assertIn = (page: Visit): void => assert.ok(page.url.startsWith(callback), page.text);
  const assertRefused = (page: Visit, words: RegExp): void => {
    assert.equal(page.status, 422);
    assert.match(page.text, words);
  };
  const wrong = /không đúng/;
  /** Somebody of the register whose only password is in the directory. */
  const newcomer = async (
    uid: string,
    more: { code?: string; mail?: string; password?: string } = {},
  ): Promise<Person> => {
    const person = await signOn.hire(`Trần Thị ${uid}`, { password: null });
    await directory.add({ uid, code: person.code, password: 'Trong danh bạ 1!', ...more });
    return person;
  };
  const auditOf = async (person: Person): Promise<string[]> => {
    const { items } = await api.get<{ items: { action: string }[] }>(
      `/api/v1/audit?object=staff/${person.id}&limit=50`,
    );
    return items.map(({ action }) => action);
  };

  it('shows no secret, keeps it when it comes back as it was shown, and says whether it works', async () => {
    const shown = await api.get<UpstreamSource>('sources/danh-ba');
    assert.equal(shown.ldap?.bindPassword, '…');
    await configure('danh-ba', { ldap: shown.ldap });
    assert.deepEqual(await api.post<UpstreamCheck>('sources/danh-ba/check'), {
      ok: false,
      problem: 'search',
      detail: 'no entries',
    });
    await newcomer('dau-tien');
    assert.deepEqual(await api.post<UpstreamCheck>('sources/danh-ba/check'), { ok: true });
    await configure('sai', { enabled: false, ldap: { ...settings(), bindPassword: 'không phải' } });
    const { problem } = await api.post<UpstreamCheck>('sources/sai/check');
    assert.equal(problem, 'bind');
  });

  it('takes no settings that would send passwords in the clear over a network, or link by mail address', async () => {
    const faultsOf = async (ldap: object) =>
      (
        await api.refused('PUT', 'sources/la', { name: 'Lạ', key: 'code', ldap: { ...settings(), ...ldap } })
      ).errors.map(({ code }) => code);
    assert.deepEqual(await faultsOf({ url: 'ldap://danh-ba.tinh.gov.vn' }), ['not-encrypted']);
    assert.deepEqual(await faultsOf({ keyAttribute: 'mail' }), ['mail-is-no-key']);
    assert.deepEqual(await faultsOf({ bindPassword: '…' }), ['required']);
  });

  it('takes the password over at the first sign-in, so that the directory is not needed again', async () => {
    const person = await newcomer('lan');
    assertIn(await signIn('lan', 'Trong danh bạ 1!'));
    assert.deepEqual((await auditOf(person)).filter(action => /^(password|upstream)/.test(action)).sort(), [
      'password.migrated',
      'upstream.linked',
    ]);
    await directory.remove('lan');
    assertIn(await signIn(person.username, 'Trong danh bạ 1!'));
    const { people } = await api.get<UpstreamSource>('sources/danh-ba');
    assert.deepEqual(people, { linked: 1, withPassword: 1 });
  });

  it('asks for the own password once there is one, under the name in the directory too', async () => {
    const person = await newcomer('hue');
    assertIn(await signIn('hue', 'Trong danh bạ 1!'));
    await signOn.hub.call('sso.set-password', {
      staffId: person.id,
      password: 'Mật khẩu mới 2!',
      actor: 'test',
    });
    assertRefused(await signIn('hue', 'Trong danh bạ 1!'), wrong);
    assertIn(await signIn('hue', 'Mật khẩu mới 2!'));
  });

  it('refuses wrong and empty passwords, although the directory takes an empty one for nobody', async () => {
    await newcomer('minh');
    assertRefused(await signIn('minh', 'sai'), wrong);
    assertRefused(await signIn('minh', ''), wrong);
  });

  it('takes what is typed as a name for a name, never for a part of a filter', async () => {
    await newcomer('quang');
    for (const name of ['qu*', '*', 'quang)(uid=*', 'x)(|(uid=quang', 'quang\\', 'quang\0', '(uid=quang)'])
      assertRefused(await signIn(name, 'Trong danh bạ 1!'), wrong);
    assertIn(await signIn('quang', 'Trong danh bạ 1!'));
  });

  it('links nobody by mail address, and creates nobody', async () => {
    const person = await signOn.hire('Lê Văn Thư', { password: null });
    await directory.add({
      uid: 'ke-gian',
      code: 'KHONG-CO',
      mail: `${person.username}@tinh.gov.vn`,
      password: 'Trong danh bạ 1!',
    });
    const before = await signOn.hub.call('staff.counts', {});
    assertRefused(await signIn('ke-gian', 'Trong danh bạ 1!'), /chưa khớp với hồ sơ/);
    assert.deepEqual(await signOn.hub.call('staff.counts', {}), before);
    const { items } = await api.get<{ items: UnlinkedAccount[] }>('unlinked?source=danh-ba');
    const found = items.find(({ username }) => username === 'ke-gian');
    assert.equal(found?.reason, 'no-staff');
    assert.equal(found.keyValue, 'KHONG-CO');
    assert.equal(found.foundBy, 'sign-in');
  });

  it('refuses whoever has left, although the directory says yes', async () => {
    const [linked, never] = [await newcomer('nghi-viec'), await newcomer('nghi-truoc')];
    assertIn(await signIn('nghi-viec', 'Trong danh bạ 1!'));
    await signOn.setStatus(linked, 'left');
    await signOn.setStatus(never, 'left');
    for (const uid of ['nghi-viec', 'nghi-truoc'])
      assertRefused(await signIn(uid, 'Trong danh bạ 1!'), /đã ngừng sử dụng/);
    assert.ok(!(await auditOf(never)).includes('password.migrated'));
  });

  it('demands a new password when the one taken over breaks the rules', async () => {
    const person = await newcomer('yeu', { password: 'yeu' });
    assertIn(await signIn('yeu', 'yeu'));
    const entry = (
      await api.get<{ items: { action: string; detail: object }[] }>(
        `/api/v1/audit?object=staff/${person.id}&limit=50`,
      )
    ).items.find(({ action }) => action === 'password.migrated');
    assert.deepEqual(entry?.detail, { source: 'danh-ba', mustChange: true });
  });

  it('makes one link when somebody signs in twice at the same moment', async () => {
    const person = await newcomer('song-song');
    const pages = await Promise.all([1, 2, 3, 4].map(() => signIn('song-song', 'Trong danh bạ 1!')));
    for (const page of pages) assertIn(page);
    assert.equal((await auditOf(person)).filter(action => action === 'upstream.linked').length, 1);
  });

  it('reports an account that was made anew under the same key, until its link is taken away', async () => {
    const person = await newcomer('lam-lai');
    assertIn(await signIn('lam-lai', 'Trong danh bạ 1!'));
    await directory.remove('lam-lai');
    await directory.add({ uid: 'lam-lai', code: person.code, password: 'Khác hẳn 3!' });
    await configure('danh-ba', { ldap: { ...settings(), always: true } });
    assertRefused(await signIn('lam-lai-2', 'Khác hẳn 3!'), wrong);
    assertRefused(await signIn('lam-lai', 'Khác hẳn 3!'), /chưa khớp với hồ sơ/);
    const { items } = await api.get<{ items: UnlinkedAccount[] }>('unlinked?reason=linked-to-another');
    assert.deepEqual(
      items.map(({ username, staffId }) => [username, staffId]),
      [['lam-lai', person.id]],
    );
    await api.remove(`sources/danh-ba/links/${person.id}`);
    assertIn(await signIn('lam-lai', 'Khác hẳn 3!'));
    await configure('danh-ba');
  });

  it('says that the directory is away, counts no wrong password, and holds nobody up who has a password here', async () => {
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

  it('compares every account with the register, and tells why some are nobody’s', async () => {
    const twice = await newcomer('hai-1');
    await directory.add({ uid: 'hai-2', code: twice.code, password: 'x' });
    await directory.add({ uid: 'khong-ma', password: 'x' });
    const report = await api.post<UpstreamComparison>('sources/danh-ba/compare');
    const { accounts, linked, linkable, unlinked } = report;
    const sum = Object.values(unlinked).reduce<number>((all, one) => all + Number(one), 0);
    assert.equal(accounts, linked + linkable + sum);
    assert.equal(unlinked['duplicate-upstream'], 2);
    assert.equal(unlinked['no-key'], 1);
    assert.equal(unlinked.left, 2);
    const all: UnlinkedAccount[] = [];
    for (let cursor = ''; ; ) {
      const page = await api.get<{ items: UnlinkedAccount[]; next?: string }>(
        `unlinked?source=danh-ba&limit=2${cursor}`,
      );
      all.push(...page.items);
      if (page.next === undefined) break;
      cursor = `&cursor=${page.next}`;
    }
    assert.equal(all.length, sum);
    assert.ok(all.every(({ foundBy, seenAt }) => foundBy === 'compare' && seenAt.endsWith('Z')));
  });

  it('is not asked when it is switched off', async () => {
    await newcomer('tat');
    await api.put('sources/danh-ba', { enabled: false });
    assertRefused(await signIn('tat', 'Trong danh bạ 1!'), wrong);
    await api.put('sources/danh-ba', { enabled: true });
  });

  it('leaves no password in the log, the trail or the report', async () => {
    const told = [
      ...signOn.lines,
      JSON.stringify(await api.get('/api/v1/audit?limit=500')),
      JSON.stringify(await api.get('unlinked?limit=500')),
    ];
    assert.doesNotMatch(told.join('\n'), /Trong danh bạ|dịch vụ|Khác hẳn/);
  });
});
