import assert from 'node:assert/strict';
import type {
  UnlinkedAccount,
  UpstreamCheck,
  UpstreamComparison,
  UpstreamSource,
} from '#schemas/upstream.ts';
import { type DirectorySignIn, startDirectorySignIn } from '#tests/sso/upstream/start-directory-sign-in.ts';

describe('Signing in with the password of a directory', () => {
  let started: DirectorySignIn;
  before(async () => {
    started = await startDirectorySignIn();
  });
  after(() => started?.stop());
  const wrong = /không đúng/;

  it('shows no secret, keeps it when it comes back as it was shown, and says whether it works', async () => {
    const { api, configure, newcomer, settings } = started;
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
    const { api, settings } = started;
    const faultsOf = async (ldap: object) =>
      (
        await api.refused('PUT', 'sources/la', { name: 'Lạ', key: 'code', ldap: { ...settings(), ...ldap } })
      ).errors.map(({ code }) => code);
    assert.deepEqual(await faultsOf({ url: 'ldap://danh-ba.tinh.gov.vn' }), ['not-encrypted']);
    assert.deepEqual(await faultsOf({ keyAttribute: 'mail' }), ['mail-is-no-key']);
    assert.deepEqual(await faultsOf({ bindPassword: '…' }), ['required']);
  });

  it('takes the password over at the first sign-in, so that the directory is not needed again', async () => {
    const { directory, api, signIn, assertIn, newcomer, auditOf } = started;
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
    const { signOn, signIn, assertIn, assertRefused, newcomer } = started;
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
    const { signIn, assertRefused, newcomer } = started;
    await newcomer('minh');
    assertRefused(await signIn('minh', 'sai'), wrong);
    assertRefused(await signIn('minh', ''), wrong);
  });

  it('takes what is typed as a name for a name, never for a part of a filter', async () => {
    const { signIn, assertIn, assertRefused, newcomer } = started;
    await newcomer('quang');
    for (const name of ['qu*', '*', 'quang)(uid=*', 'x)(|(uid=quang', 'quang\\', 'quang\0', '(uid=quang)'])
      assertRefused(await signIn(name, 'Trong danh bạ 1!'), wrong);
    assertIn(await signIn('quang', 'Trong danh bạ 1!'));
  });

  it('links nobody by mail address, and creates nobody', async () => {
    const { directory, signOn, api, signIn, assertRefused } = started;
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
    const { signOn, signIn, assertIn, assertRefused, newcomer, auditOf } = started;
    const [linked, never] = [await newcomer('nghi-viec'), await newcomer('nghi-truoc')];
    assertIn(await signIn('nghi-viec', 'Trong danh bạ 1!'));
    await signOn.setStatus(linked, 'left');
    await signOn.setStatus(never, 'left');
    for (const uid of ['nghi-viec', 'nghi-truoc'])
      assertRefused(await signIn(uid, 'Trong danh bạ 1!'), /đã ngừng sử dụng/);
    assert.ok(!(await auditOf(never)).includes('password.migrated'));
  });

  it('demands a new password when the one taken over breaks the rules', async () => {
    const { api, signIn, newcomer } = started;
    const person = await newcomer('yeu', { password: 'yeu' });
    const page = await signIn('yeu', 'yeu');
    assert.match(page.text, /name="step" value="new-password"/);
    const entry = (
      await api.get<{ items: { action: string; detail: object }[] }>(
        `/api/v1/audit?object=staff/${person.id}&limit=50`,
      )
    ).items.find(({ action }) => action === 'password.migrated');
    assert.deepEqual(entry?.detail, { source: 'danh-ba', mustChange: true });
  });

  it('makes one link when somebody signs in twice at the same moment', async () => {
    const { signIn, assertIn, newcomer, auditOf } = started;
    const person = await newcomer('song-song');
    const pages = await Promise.all([1, 2, 3, 4].map(() => signIn('song-song', 'Trong danh bạ 1!')));
    for (const page of pages) assertIn(page);
    assert.equal((await auditOf(person)).filter(action => action === 'upstream.linked').length, 1);
  });

  it('reports an account that was made anew under the same key, until its link is taken away', async () => {
    const { directory, api, configure, signIn, assertIn, assertRefused, newcomer, settings } = started;
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

  it('compares every account with the register, and tells why some are nobody’s', async () => {
    const { directory, api, newcomer } = started;
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
    const { api, signIn, assertRefused, newcomer } = started;
    await newcomer('tat');
    await api.put('sources/danh-ba', { enabled: false });
    assertRefused(await signIn('tat', 'Trong danh bạ 1!'), wrong);
    await api.put('sources/danh-ba', { enabled: true });
  });

  it('leaves no password in the log, the trail or the report', async () => {
    const { api, signOn } = started;
    const told = [
      ...signOn.lines,
      JSON.stringify(await api.get('/api/v1/audit?limit=500')),
      JSON.stringify(await api.get('unlinked?limit=500')),
    ];
    assert.doesNotMatch(told.join('\n'), /Trong danh bạ|dịch vụ|Khác hẳn/);
  });
});
