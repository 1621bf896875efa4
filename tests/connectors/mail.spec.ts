import assert from 'node:assert/strict';
import { domain, lan, type RunningMail, startMail, within } from '#tests/connectors/mail-setup.ts';

describe('official mail: accounts', () => {
  let mail: RunningMail;
  const start = async (options: Parameters<typeof startMail>[0] = {}): Promise<RunningMail> => {
    mail = await startMail(options);
    return mail;
  };
  afterEach(() => mail.stop());

  it('creates a mailbox without a password and tells the address that mail gave it', async () => {
    let created = '';
    const { accounts, held } = await start({
      around: (request, handle) => {
        if (request.body.includes('CreateAccountRequest')) created = request.body;
        return handle();
      },
    });
    const account = await accounts.upsert({ ...lan, email: 'elsewhere@example.vn' }, within());
    assert.equal(account.enabled, true);
    const { staffId: _id, enabled: _on, ...values } = lan;
    assert.deepEqual(account.values, { ...values, email: `lantt@${domain}` });
    assert.deepEqual(await accounts.get(account.externalId, within()), account);
    assert.equal((await held()).length, 1);
    assert.doesNotMatch(created, /<password/);
    assert.match(created, /<a n="sn">Trần Thị<\/a><a n="givenName">Lan<\/a>/);
  });

  it('changes nothing and answers the same when repeated, with and without the id', async () => {
    const { accounts, requests, held } = await start();
    const first = await accounts.upsert(lan, within());
    const before = await held();
    requests.length = 0;
    assert.deepEqual(await accounts.upsert({ ...lan, externalId: first.externalId }, within()), first);
    assert.deepEqual(requests, ['GetAccount']);
    assert.deepEqual(await accounts.upsert(lan, within()), first);
    assert.deepEqual(await held(), before);
    assert.ok(!requests.includes('ModifyAccount'));
  });

  it('writes only what differs, and leaves alone what is absent', async () => {
    const { accounts, held } = await start();
    const { externalId } = await accounts.upsert(lan, within());
    const { phone: _phone, ...rest } = lan;
    await accounts.upsert({ ...rest, externalId, title: 'Phó Trưởng phòng' }, within());
    const [one] = await held();
    assert.deepEqual([one?.phone, one?.title], ['0912345678', 'Phó Trưởng phòng']);
    await accounts.upsert({ ...lan, externalId, phone: '' }, within());
    assert.equal((await held())[0]?.phone, undefined);
  });

  it('makes one mailbox when the answer to the creation is lost and the call repeated', async () => {
    let lose = true;
    const { accounts, held } = await start({
      around: async (request, handle) => {
        const answer = await handle();
        if (!lose || !request.body.includes('CreateAccountRequest')) return answer;
        lose = false;
        return new Promise(() => {});
      },
    });
    await assert.rejects(accounts.upsert(lan, within(300)), { code: 'timed-out' });
    const account = await accounts.upsert(lan, within());
    assert.deepEqual(
      (await held()).map(one => one.externalId),
      [account.externalId],
    );
  });

  it('makes one mailbox when two nodes create the same person at once', async () => {
    const { accounts, held } = await start();
    const all = await Promise.all([1, 2, 3].map(() => accounts.upsert(lan, within())));
    assert.equal(new Set(all.map(one => one.externalId)).size, 1);
    assert.equal((await held()).length, 1);
  });

  it('answers conflict when the address belongs to another person or to nobody known', async () => {
    const { accounts, held } = await start();
    await accounts.upsert(lan, within());
    const other = { ...lan, code: 'CB002', name: 'Trần Thanh Lan' };
    await assert.rejects(accounts.upsert(other, within()), (error: Error & { code: string }) => {
      assert.equal(error.code, 'conflict');
      assert.doesNotMatch(error.message, /lantt|@/);
      return true;
    });
    assert.equal((await held())[0]?.code, 'CB001');
  });

  it('answers conflict when two mailboxes carry the same staff code', async () => {
    const twin = { enabled: true, code: 'CB001', name: 'Trần Thị Lan' };
    const { accounts } = await start({
      accounts: [
        { ...twin, externalId: 'a', username: 'lan1' },
        { ...twin, externalId: 'b', username: 'lan2' },
      ],
    });
    await assert.rejects(accounts.upsert(lan, within()), { code: 'conflict' });
  });

  it('keeps the old address as an alias when the user name changes, and can go back', async () => {
    const { accounts, held } = await start();
    const { externalId } = await accounts.upsert(lan, within());
    const renamed = await accounts.upsert({ ...lan, externalId, username: 'lantran' }, within());
    assert.equal(renamed.externalId, externalId);
    assert.equal(renamed.values.email, `lantran@${domain}`);
    assert.deepEqual((await held())[0]?.aliases, [`lantt@${domain}`]);
    const back = await accounts.upsert({ ...lan, externalId }, within());
    assert.equal(back.values.username, 'lantt');
    assert.deepEqual((await held())[0]?.aliases, [`lantran@${domain}`]);
  });

  it('closes a leaver and never deletes; closing twice is a success, a return opens again', async () => {
    const { accounts, held, requests } = await start();
    const { externalId } = await accounts.upsert(lan, within());
    for (let time = 0; time < 2; time += 1)
      assert.equal((await accounts.disable({ externalId }, within())).enabled, false);
    assert.deepEqual(
      (await held()).map(one => one.status),
      ['closed'],
    );
    assert.equal((await accounts.upsert({ ...lan, externalId }, within())).enabled, true);
    assert.ok(!requests.includes('DeleteAccount'));
  });

  it('closes by staff code when the id has changed, and answers not-found when neither is there', async () => {
    const { accounts, held } = await start();
    await accounts.upsert(lan, within());
    await accounts.disable({ externalId: 'gone', code: lan.code }, within());
    assert.equal((await held())[0]?.status, 'closed');
    await assert.rejects(accounts.disable({ externalId: 'gone', code: 'X' }, within()), {
      code: 'not-found',
    });
    assert.equal(await accounts.get('gone', within()), undefined);
  });

  it('does not unlock a mailbox that the mail centre has locked', async () => {
    const { accounts, held } = await start();
    const { externalId } = await accounts.upsert(lan, within());
    await accounts.upsert({ ...lan, externalId, extra: { description: 'ghi chú' } }, within());
    await assert.rejects(
      accounts.upsert({ ...lan, externalId, extra: { zimbraIsAdminAccount: 'TRUE' } }, within()),
      { code: 'refused' },
    );
    await mail.act({ action: 'set-status', id: externalId, status: 'locked' });
    await accounts.upsert({ ...lan, externalId, title: 'Văn thư' }, within());
    const [one] = await held();
    assert.deepEqual([one?.status, one?.title], ['locked', 'Văn thư']);
  });

  it('lists page by page, every mailbox once', async () => {
    const many = Array.from({ length: 25 }, (_, at) => ({
      externalId: `id-${at}`,
      enabled: at !== 3,
      code: `CB${at}`,
      username: `nguoi${at}`,
      name: `Người ${at}`,
    }));
    const { accounts } = await start({ accounts: many });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await accounts.list(
        cursor === undefined ? { limit: 10 } : { limit: 10, cursor },
        within(),
      );
      for (const { externalId, enabled } of page.items) {
        seen.push(externalId);
        assert.equal(enabled, externalId !== 'id-3');
      }
      cursor = page.next;
    } while (cursor !== undefined);
    assert.deepEqual(seen.sort(), many.map(one => one.externalId).sort());
  });

  it('lists only what the IT centre’s filter lets through', async () => {
    const shared = { externalId: 'x', enabled: true, code: '', username: 'xahuongvan', name: 'UBND xã' };
    const { accounts } = await start({
      accounts: [shared],
      settings: { listFilter: '(employeeNumber=*)' },
    });
    await accounts.upsert(lan, within());
    const { items } = await accounts.list({ limit: 10 }, within());
    assert.deepEqual(
      items.map(one => one.values.code),
      ['CB001'],
    );
  });

  it('carries special characters of XML and of LDAP filters as they are', async () => {
    const odd = { ...lan, code: 'CB(*)\\1', name: 'Lê <Văn> & "Đức" \'A\'', title: ']]> &amp; &#7877;' };
    const { accounts, held } = await start();
    const first = await accounts.upsert(odd, within());
    assert.deepEqual([first.values.name, first.values.title], [odd.name, odd.title]);
    assert.deepEqual(await accounts.upsert(odd, within()), first);
    assert.equal((await held()).length, 1);
    await assert.rejects(accounts.upsert({ ...odd, name: 'Lan\u0000' }, within()), { code: 'refused' });
  });
});
