import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSession } from '#connectors/directives/session.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import { createDirectives, servicePath } from '#sandbox/directives/directives.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { DesiredAccount } from '#schemas/account.ts';
import { answerRaw, envelope, sendXml } from '#tests/connectors/answer-raw.ts';

const credentials = { username: 'lienthong', password: 'mật khẩu & "thử"' };
const context = () => ({ signal: AbortSignal.timeout(10_000) });
const person: DesiredAccount = {
  staffId: randomUUID(),
  enabled: true,
  code: '04600777',
  username: 'anhdt',
  name: 'Đặng Thị Ánh',
};

const accountsAt = async (origin: string): Promise<AccountsPort> => {
  const settings = { endpoint: `${origin}${servicePath}`, ...credentials };
  return (await loadConnector('directives', settings)).instance.ports.accounts!;
};
const logins = async (app: RunningApp): Promise<number> =>
  ((await (await fetch(`${app.origin}/_state/sessions`)).json()) as { logins: number }).logins;
const endSessions = async (app: RunningApp): Promise<void> => {
  const answer = await fetch(`${app.origin}/_actions`, { method: 'POST', body: '{"action":"end-sessions"}' });
  await answer.text();
};

describe('the directive software', () => {
  let app: RunningApp;
  beforeEach(async () => {
    app = await serveApp(createDirectives({ accounts: contractAccounts(12), credentials }));
  });
  afterEach(() => app.stop());

  const twenty = (accounts: AccountsPort) =>
    Promise.all(Array.from({ length: 20 }, () => accounts.get('1003', context())));

  it('opens one session for all calls, however many begin at once', async () => {
    const accounts = await accountsAt(app.origin);
    for (const account of await twenty(accounts)) assert.equal(account?.values.code, 'H57.004');
    await twenty(accounts);
    assert.equal(await logins(app), 1);
  });

  it('opens one new session when the app has ended the old one, and repeats the calls that it cost', async () => {
    const accounts = await accountsAt(app.origin);
    await twenty(accounts);
    await endSessions(app);
    for (const account of await twenty(accounts)) assert.equal(account?.values.code, 'H57.004');
    assert.equal(await logins(app), 2);
  });

  it('gives up as unauthorised when the new session is over as well', async () => {
    const namespace = 'http://ykcd.example.gov.vn/ws/nguoidung';
    let calls = 0;
    const server = await answerRaw((body, response) => {
      if (body.includes('<DangNhap'))
        return sendXml(
          response,
          envelope(
            `<DangNhapResponse xmlns="${namespace}"><MaPhien>p</MaPhien><HieuLucGiay>60</HieuLucGiay></DangNhapResponse>`,
          ),
        );
      calls += 1;
      const fault = '<faultcode>env:Client.HET_PHIEN</faultcode><faultstring>Hết phiên</faultstring>';
      sendXml(response, envelope(`<env:Fault>${fault}</env:Fault>`), 500);
    });
    try {
      const accounts = await accountsAt(server.origin);
      await assert.rejects(accounts.get('1', context()), { code: 'unauthorised', vendorCode: 'HET_PHIEN' });
      assert.equal(calls, 2);
    } finally {
      await server.stop();
    }
  });

  it('maps its refusals to kit errors that name no person', async () => {
    const accounts = await accountsAt(app.origin);
    await accounts.upsert(person, context());
    const cases: [Partial<DesiredAccount>, string, string][] = [
      [{ code: 'KHÁC', username: 'ANHDT' }, 'conflict', 'TRUNG_TAI_KHOAN'],
      [{ username: 'có dấu cách' }, 'refused', 'DU_LIEU_SAI'],
    ];
    for (const [change, code, vendorCode] of cases)
      await assert.rejects(accounts.upsert({ ...person, ...change }, context()), error => {
        assert.ok(error instanceof ConnectorError);
        assert.deepEqual([error.code, error.vendorCode], [code, vendorCode]);
        assert.ok(!/anhdt|Ánh|04600777/i.test(error.message), error.message);
        return true;
      });
  });

  it('says conflict when an account of known id would take the code of another', async () => {
    const accounts = await accountsAt(app.origin);
    const { externalId } = await accounts.upsert(person, context());
    const taken = { ...person, externalId, code: 'H57.001' };
    await assert.rejects(accounts.upsert(taken, context()), { code: 'conflict', vendorCode: 'TRUNG_MA' });
  });

  it('asks for no more than 200 rows at once', async () => {
    assert.equal((await (await accountsAt(app.origin)).list({ limit: 5000 }, context())).items.length, 12);
  });

  it('knows after a restart what was written before, but no session', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'directives-'));
    const start = (port?: number) =>
      serveApp(
        createDirectives({
          accounts: contractAccounts(3),
          credentials,
          journalFile: join(folder, 'journal.jsonl'),
        }),
        port,
      );
    let running = await start();
    try {
      const accounts = await accountsAt(running.origin);
      const made = await accounts.upsert(person, context());
      await running.stop();
      running = await start(Number(new URL(running.origin).port));
      // A connection that the old program left behind breaks once; such calls are to be repeated.
      const again = () => accounts.get(made.externalId, context());
      const found = await again().catch(error => {
        assert.equal((error as ConnectorError).code, 'unavailable');
        return again();
      });
      assert.deepEqual(found, made);
      assert.equal(await logins(running), 1);
    } finally {
      await running.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a session', () => {
  const over = new ConnectorError('unauthorised', 'over');
  const isOver = (error: unknown): boolean => error === over;

  it('is renewed before its time is over', async () => {
    let now = 0;
    let opened = 0;
    const session = createSession({
      login: async () => ({ token: `t${++opened}`, holdsMs: 1000 }),
      isOver,
      now: () => now,
    });
    const tokenAt = (time: number): Promise<string> => {
      now = time;
      return session.run(async token => token, context().signal);
    };
    assert.deepEqual(
      [await tokenAt(0), await tokenAt(899), await tokenAt(901), await tokenAt(1800)],
      ['t1', 't1', 't2', 't2'],
    );
  });

  it('does not fail every call when the one that was signing in is given up', async () => {
    let opened = 0;
    const session = createSession({
      login: signal =>
        ++opened === 1
          ? new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(new ConnectorError('timed-out', 'given up')));
            })
          : Promise.resolve({ token: 't2', holdsMs: 1000 }),
      isOver,
    });
    const hurried = new AbortController();
    const first = session.run(async token => token, hurried.signal);
    const second = session.run(async token => token, context().signal);
    hurried.abort();
    await assert.rejects(first, { code: 'timed-out' });
    assert.equal(await second, 't2');
  });

  it('is asked for anew after a failed sign-in', async () => {
    let opened = 0;
    const session = createSession({
      async login() {
        opened += 1;
        if (opened === 1) throw new ConnectorError('unavailable', 'down');
        return { token: 't', holdsMs: 1000 };
      },
      isOver,
    });
    await assert.rejects(
      session.run(async token => token, context().signal),
      { code: 'unavailable' },
    );
    assert.equal(await session.run(async token => token, context().signal), 't');
  });
});
