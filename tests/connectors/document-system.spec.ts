import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import { createDocumentSystem, servicePath } from '#sandbox/document-system/document-system.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { DesiredAccount } from '#schemas/account.ts';
import { recordTraffic } from '#tests/connectors/record-traffic.ts';

const credentials = { username: 'lienthong', password: 'mật khẩu & "thử"' };
const context = () => ({ signal: AbortSignal.timeout(10_000) });
const person: DesiredAccount = {
  staffId: randomUUID(),
  enabled: true,
  code: '04600777',
  username: 'anhdt',
  name: 'Đặng Thị Ánh',
  gender: 'female',
  birthDate: '1980-12-31',
};

const accountsAt = async (origin: string): Promise<AccountsPort> => {
  const settings = { endpoint: `${origin}${servicePath}`, ...credentials };
  return (await loadConnector('document-system', settings)).instance.ports.accounts!;
};

const post = async (app: RunningApp, body: string): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`${app.origin}${servicePath}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body,
  });
  return { status: answer.status, text: await answer.text() };
};

/** A request as another client would write it. */
const request = (
  token: { created?: Date; password?: string; type?: string; nonce?: Buffer } = {},
): string => {
  const created = (token.created ?? new Date()).toISOString();
  const nonce = token.nonce ?? randomBytes(16);
  const digest = createHash('sha1')
    .update(Buffer.concat([nonce, Buffer.from(created), Buffer.from(token.password ?? credentials.password)]))
    .digest('base64');
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:o="urn:o" xmlns:u="urn:u"><s:Header><o:Security><o:UsernameToken><o:Username>lienthong</o:Username><o:Password Type="x#${token.type ?? 'PasswordDigest'}">${digest}</o:Password><o:Nonce>${nonce.toString('base64')}</o:Nonce><u:Created>${created}</u:Created></o:UsernameToken></o:Security></s:Header><s:Body><q:DanhSachCanBo xmlns:q="urn:any"><q:Trang>1</q:Trang><q:SoDong>1</q:SoDong></q:DanhSachCanBo></s:Body></s:Envelope>`;
};

describe('the document system', () => {
  let app: RunningApp;
  let accounts: AccountsPort;
  before(async () => {
    app = await serveApp(createDocumentSystem({ accounts: contractAccounts(12), credentials }));
    accounts = await accountsAt(app.origin);
  });
  after(() => app.stop());

  describe('signs every request with a password digest', () => {
    it('never sends the password, and never the same nonce twice', async () => {
      const recorder = await recordTraffic(app.origin);
      try {
        const recorded = await accountsAt(recorder.origin);
        for (let call = 0; call < 3; call += 1) await recorded.list({ limit: 1 }, context());
        const sent = recorder.sent();
        assert.ok(!sent.includes('mật khẩu'));
        const nonces = [...sent.matchAll(/<wsse:Nonce[^>]*>([^<]+)</g)].map(found => found[1]);
        assert.equal(new Set(nonces).size, 3);
      } finally {
        await recorder.stop();
      }
    });

    it('so that a request copied on its way is refused when it comes again', async () => {
      const recorder = await recordTraffic(app.origin);
      try {
        await (await accountsAt(recorder.origin)).list({ limit: 1 }, context());
        const [copied = ''] = /<\?xml[\s\S]*Envelope>/.exec(recorder.sent()) ?? [];
        const again = await post(app, copied);
        assert.equal(again.status, 500);
        assert.match(again.text, /wsse:FailedAuthentication/);
      } finally {
        await recorder.stop();
      }
    });

    it('and the app refuses an old token, one from the future, a wrong digest and a plain password', async () => {
      assert.equal((await post(app, request())).status, 200);
      const minutes = (count: number) => new Date(Date.now() + count * 60_000);
      assert.equal((await post(app, request({ created: minutes(-4) }))).status, 200);
      for (const [token, code] of [
        [{ created: minutes(-6) }, 'MessageExpired'],
        [{ created: minutes(6) }, 'MessageExpired'],
        [{ password: 'khác' }, 'FailedAuthentication'],
        [{ type: 'PasswordText' }, 'UnsupportedSecurityToken'],
      ] as const)
        assert.match((await post(app, request(token))).text, new RegExp(`wsse:${code}`));
      const nonce = randomBytes(16);
      assert.equal((await post(app, request({ nonce }))).status, 200);
      assert.match((await post(app, request({ nonce }))).text, /Nonce đã dùng/);
    });
  });

  it('maps its refusals to kit errors that name no person', async () => {
    await accounts.upsert(person, context());
    const cases: [Partial<DesiredAccount>, string, string][] = [
      [{ code: 'KHÁC', username: person.username.toUpperCase() }, 'conflict', 'TRUNG_TEN_DANG_NHAP'],
      [{ username: 'có dấu cách' }, 'refused', 'DU_LIEU_KHONG_HOP_LE'],
      [{ birthDate: 'khong biet' }, 'refused', 'DU_LIEU_KHONG_HOP_LE'],
    ];
    for (const [change, code, vendorCode] of cases)
      await assert.rejects(accounts.upsert({ ...person, ...change }, context()), error => {
        assert.ok(error instanceof ConnectorError);
        assert.deepEqual([error.code, error.vendorCode], [code, vendorCode]);
        assert.ok(!/anhdt|Ánh|04600777/i.test(error.message), error.message);
        return true;
      });
  });

  it('changes one account in one call when its id is known', async () => {
    const { externalId } = await accounts.upsert(person, context());
    const recorder = await recordTraffic(app.origin);
    try {
      const recorded = await accountsAt(recorder.origin);
      await recorded.upsert({ ...person, externalId, title: 'Phó Giám đốc' }, context());
      assert.equal(recorder.sent().match(/POST /g)?.length, 1);
    } finally {
      await recorder.stop();
    }
  });

  it("fills in the IT centre's own values for fields that exist, but never a key", async () => {
    const extra = { ChucVu: 'Ủy viên', MaCBCCVC: 'TROM', TrangThai: 'Khoa', KhongCo: 'x' };
    const account = await accounts.upsert({ ...person, extra }, context());
    assert.equal(account.values.title, 'Ủy viên');
    assert.deepEqual([account.values.code, account.enabled], [person.code, true]);
  });

  it('lists everything in pages of the first size, also when a later page asks for another', async () => {
    const first = await accounts.list({ limit: 5 }, context());
    const second = await accounts.list({ limit: 9, cursor: first.next as string }, context());
    const third = await accounts.list({ limit: 1, cursor: second.next as string }, context());
    const ids = [first, second, third].flatMap(page => page.items.map(item => item.externalId));
    assert.equal(third.next, undefined);
    assert.equal(new Set(ids).size, 13);
  });

  it('asks for no more than 500 rows at once', async () => {
    assert.equal((await accounts.list({ limit: 5000 }, context())).items.length, 13);
  });
});

describe('the sandbox document system', () => {
  it('knows after a restart what was written before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'document-system-'));
    const start = () =>
      serveApp(
        createDocumentSystem({
          accounts: contractAccounts(3),
          credentials,
          journalFile: join(folder, 'journal.jsonl'),
        }),
      );
    let running = await start();
    try {
      const made = await (await accountsAt(running.origin)).upsert(person, context());
      await (await accountsAt(running.origin)).disable({ externalId: '1000' }, context());
      await running.stop();
      running = await start();
      const accounts = await accountsAt(running.origin);
      assert.deepEqual(await accounts.get(made.externalId, context()), made);
      assert.equal((await accounts.get('1000', context()))?.enabled, false);
    } finally {
      await running.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
