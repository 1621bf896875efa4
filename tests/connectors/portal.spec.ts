import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import { type AppRequest, type RunningApp, type SandboxApp, serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import { createPortal } from '#sandbox/portal/portal.ts';
import type { DesiredAccount } from '#schemas/account.ts';

const context = () => ({ signal: AbortSignal.timeout(5000) });
const credentials = { clientId: 'liên thông', clientSecret: 'secret:of+the portal' };
const person: DesiredAccount = {
  staffId: randomUUID(),
  enabled: true,
  code: 'H57.999',
  username: 'ha.tt',
  name: 'Trần Thị Hà',
};

describe('the portal’s connector', () => {
  let folder: string;
  let app: RunningApp;
  let accounts: AccountsPort;
  let calls: string[];
  /** May answer a call in the portal's stead. */
  let intrude: (request: AppRequest, portal: SandboxApp) => ReturnType<SandboxApp['handle']> | undefined;

  const serve = (port = 0) => {
    const portal = createPortal({
      accounts: contractAccounts(5),
      journalFile: join(folder, 'portal.jsonl'),
      credentials,
    });
    return serveApp(
      {
        ...portal,
        handle(request) {
          calls.push(`${request.method} ${request.path}`);
          return intrude(request, portal) ?? portal.handle(request);
        },
      },
      port,
    );
  };
  const count = (call: string) => calls.filter(one => one === call).length;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-portal-'));
    calls = [];
    intrude = () => undefined;
    app = await serve();
    const loaded = await loadConnector('portal', { baseUrl: `${app.origin}/`, ...credentials });
    accounts = loaded.instance.ports.accounts!;
  });
  afterEach(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('signs in once for many calls', async () => {
    await Promise.all(Array.from({ length: 10 }, () => accounts.list({ limit: 2 }, context())));
    assert.equal(count('POST /oauth/token'), 1);
  });

  it('signs in again by itself when the portal was restarted, which keeps what was written', async () => {
    const made = await accounts.upsert(person, context());
    await app.stop();
    app = await serve(Number(new URL(app.origin).port));
    // The first try may meet a connection that the restart has closed: the hub tries such calls again.
    const got = await accounts
      .get(made.externalId, context())
      .catch(() => accounts.get(made.externalId, context()));
    assert.deepEqual(got, made);
    assert.equal(count('POST /oauth/token'), 2);
  });

  it('reads again and repeats when somebody at the portal was faster', async () => {
    const { externalId } = await accounts.upsert(person, context());
    let races = 2;
    intrude = (request, portal) => {
      if (request.method !== 'PATCH' || races === 0) return undefined;
      races -= 1;
      const version = Number(/\d+/.exec(String(request.headers['if-match']))?.[0]);
      const other = JSON.stringify({ mobile: `09${version}` });
      const headers = { ...request.headers, 'if-match': `"${version}"` };
      void portal.handle({ ...request, headers, body: other });
      return undefined;
    };
    const changed = await accounts.upsert({ ...person, externalId, title: 'Giám đốc' }, context());
    assert.deepEqual([changed.values.title, changed.values.phone], ['Giám đốc', '092']);
    assert.equal(count(`PATCH /api/v2/officers/${externalId}`), 3);
  });

  it('says unavailable when it is always too late', async () => {
    const { externalId } = await accounts.upsert(person, context());
    intrude = ({ method }) =>
      method === 'PATCH' ? { status: 412, json: { error: { code: 'precondition_failed' } } } : undefined;
    await assert.rejects(accounts.upsert({ ...person, externalId }, context()), {
      code: 'unavailable',
      vendorCode: '412',
    });
  });

  it('names the field that the portal does not accept, and none of its words', async () => {
    const no = { error: { code: 'validation_failed', field: 'email', message: 'Trần Thị Hà' } };
    intrude = ({ method, path }) =>
      method === 'POST' && path !== '/oauth/token' ? { status: 422, json: no } : undefined;
    await assert.rejects(accounts.upsert(person, context()), (error: Error) => {
      assert.match(error.message, /validation_failed \(email\)/);
      assert.doesNotMatch(error.message, /Trần/);
      return (error as unknown as { code: string }).code === 'refused';
    });
  });

  it('takes a 404 of anybody but the portal for a wrong address: nobody is created for it', async () => {
    await accounts.list({ limit: 1 }, context());
    for (const answer of [
      { status: 404, body: '<h1>404</h1>' },
      { status: 404, json: { error: { code: 'route_not_found' } } },
    ]) {
      intrude = () => answer;
      calls = [];
      await assert.rejects(accounts.get('1000', context()), { code: 'unexpected-answer' });
      await assert.rejects(accounts.upsert({ ...person, externalId: '1000' }, context()), {
        code: 'unexpected-answer',
      });
      assert.ok(calls.every(call => call.startsWith('GET')));
    }
  });

  it('ends at one account when two hubs create the same person at once', async () => {
    const first = { ...person };
    const other = (await loadConnector('portal', { baseUrl: app.origin, ...credentials })).instance.ports
      .accounts!;
    const [one, two] = await Promise.all([accounts.upsert(first, context()), other.upsert(first, context())]);
    assert.equal(one.externalId, two.externalId);
    assert.equal((await accounts.list({ limit: 100 }, context())).items.length, 6);
  });

  it('changes nothing and makes no new version when all is as wanted', async () => {
    const { externalId } = await accounts.upsert(person, context());
    const version = () => readFileSync(join(folder, 'portal.jsonl'), 'utf8');
    const before = version();
    await accounts.upsert({ ...person, externalId }, context());
    assert.equal(version(), before);
  });
});
