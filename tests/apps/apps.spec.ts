import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { hideSecrets, keepSecrets } from '#hub/apps/secret-settings.ts';
import type { App } from '#schemas/app.ts';
import { read } from '#tests/http/start-edge.ts';
import { startTestGateway, type TestGateway } from '#tests/http/start-test-gateway.ts';

interface AuditPage {
  items: { id: number; actor: string; action: string; object: string; detail: unknown; requestId: string }[];
  next?: string;
}
interface NewSecret {
  clientId: string;
  clientSecret: string;
}

describe('The apps register', () => {
  let running: TestGateway;
  let token: string;
  const ask = (method: string, path: string, body?: unknown) =>
    running.ask(method, `/api/v1${path}`, { token, body });
  const mail = {
    name: 'Thư điện tử công vụ',
    owner: 'Sở TTTT',
    connector: 'mail',
    enabled: true,
    entitlement: { purpose: 'Cấp hộp thư', attributes: ['code', 'name'] },
    settings: { url: 'https://mail.example', adminPassword: 'hunter2', nested: { apiKey: 'k3y' } },
  };
  const tokenStatus = async ({ clientId, clientSecret }: NewSecret): Promise<number> => {
    const answer = await fetch(`${running.origin}/sso/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    return answer.status;
  };

  before(async () => {
    running = await startTestGateway();
    token = await running.tokenFor('admin');
    assert.equal((await ask('PUT', '/apps/mail', mail)).status, 200);
  });
  after(() => running.stop());

  it('registers an app and shows it without its secrets', async () => {
    const shown = await read<App>(ask('GET', '/apps/mail'));
    assert.equal(shown.name, mail.name);
    assert.deepEqual(shown.disableGuard, { maxAccounts: 50, maxPercent: 5 });
    assert.deepEqual(shown.settings, {
      url: 'https://mail.example',
      adminPassword: '…',
      nested: { apiKey: '…' },
    });
    const { items } = await read<{ items: App[] }>(ask('GET', '/apps'));
    assert.deepEqual(items, [shown]);
  });

  it('keeps a secret that is sent back as it was shown, and what is absent', async () => {
    const shown = await read<App>(ask('GET', '/apps/mail'));
    await ask('PUT', '/apps/mail', { settings: { ...shown.settings, url: 'https://mail2.example' } });
    const { settings, enabled } = await running.hub.call('apps.connector-settings', { connector: 'mail' });
    assert.deepEqual(settings, {
      url: 'https://mail2.example',
      adminPassword: 'hunter2',
      nested: { apiKey: 'k3y' },
    });
    assert.equal(enabled, true);
  });

  it('refuses a mapping expression that cannot be read, and names the field', async () => {
    const answer = await ask('PUT', '/apps/mail', { mapping: { title: 'position & (', name: 'name' } });
    assert.equal(answer.status, 400);
    const { errors } = (await answer.json()) as { errors: { pointer: string; code: string }[] };
    assert.deepEqual(
      errors.map(({ pointer, code }) => [pointer, code]),
      [['/mapping/title', 'mapping-unreadable']],
    );
  });

  it('refuses an attribute that there is not, and the one that never leaves', async () => {
    const entitlement = { purpose: 'x', attributes: ['name', 'unitNaam', 'citizenNumber'] };
    const { status, errors } = await read(ask('PUT', '/apps/mail', { entitlement }));
    assert.equal(status, 400);
    assert.deepEqual(
      errors.map(({ pointer, code }) => [pointer, code]),
      [
        ['/entitlement/attributes/1', 'unknown-attribute'],
        ['/entitlement/attributes/2', 'unknown-attribute'],
      ],
    );
    assert.match(errors[0]!.detail, /unitName/);
  });

  it('gives a connector to one app only, and says whose it is', async () => {
    const { status, errors } = await read(ask('PUT', '/apps/second-mail', mail));
    assert.deepEqual([status, errors[0]!.code, errors[0]!.detail], [400, 'connector-taken', 'mail']);
    assert.equal((await ask('GET', '/apps/second-mail')).status, 404);
  });

  it('stores no secret in the clear', async () => {
    const { rows } = await sql<{ row: string }>`select app::text as row from app`.execute(running.hub.db);
    const bytes = rows.map(({ row }) => row + Buffer.from(row.match(/\\x([0-9a-f]+)/)?.[1] ?? '', 'hex'));
    assert.ok(!bytes.join().includes('hunter2'));
  });

  it('heeds the caller who knows which settings are secret', async () => {
    const app = await running.hub.call('apps.put', {
      app: { id: 'hr', ...mail, connector: 'hr', settings: { pin: '1234', keyField: 'code' } },
      secretKeys: ['pin'],
      actor: 'system',
    });
    assert.deepEqual(app.settings, { pin: '…', keyField: 'code' });
  });

  it('wants name, owner and entitlement of a new app, and switches it on only when told', async () => {
    const answer = await ask('PUT', '/apps/portal', { name: 'Cổng' });
    assert.equal(answer.status, 400);
    const { errors } = await read(answer);
    assert.deepEqual(errors.map(fault => fault.pointer).sort(), ['/entitlement', '/owner']);
    assert.ok(errors.every(fault => fault.detail.length > 0));
    const { enabled: _enabled, ...silent } = mail;
    const app = await read<App>(ask('PUT', '/apps/portal', { ...silent, connector: undefined }));
    assert.equal(app.enabled, false);
  });

  it('refuses an unknown property, a wrong id and an unknown app', async () => {
    assert.equal((await read(ask('PUT', '/apps/mail', { nmae: 'x' }))).errors[0]!.code, 'unknown-property');
    assert.equal((await read(ask('PUT', '/apps/mail', { id: 'hr' }))).errors[0]!.code, 'id-differs');
    assert.equal((await ask('PUT', '/apps/Not%20Good', mail)).status, 400);
    const missing = await ask('GET', '/apps/none');
    assert.equal(missing.status, 404);
    assert.equal((await read(missing)).code, 'unknown-app');
  });

  it('is for administrators only', async () => {
    const reader = await running.tokenFor('hr.read');
    for (const path of ['/api/v1/apps', '/api/v1/apps/mail', '/api/v1/audit'])
      assert.equal((await running.ask('GET', path, { token: reader })).status, 403);
  });

  it('wakes who keeps apps in memory, when something has changed', async () => {
    let woken = 0;
    const off = running.hub.context.wake.on('apps', () => {
      woken += 1;
    });
    await ask('PUT', '/apps/mail', { enabled: false });
    await ask('PUT', '/apps/mail', { enabled: false });
    off();
    assert.equal(woken, 1);
  });

  it('loses no change of many at once', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `field${i}`);
    await Promise.all(names.map(name => ask('PUT', '/apps/race', { ...mail, connector: `c-${name}` })));
    const trail = await read<AuditPage>(ask('GET', '/audit?object=app/race'));
    assert.equal(trail.items.filter(line => line.action === 'app.registered').length, 1);
    assert.equal(trail.items.length, 8);
  });

  describe('keeps a trail', () => {
    it('of who changed what by which request, without secrets', async () => {
      const answer = await ask('PUT', '/apps/mail', {
        owner: 'VNPT',
        settings: { url: 'https://mail2.example', adminPassword: 'hunter3' },
      });
      const { items } = await read<AuditPage>(
        ask('GET', '/audit?object=app/mail&action=app.changed&limit=1'),
      );
      assert.equal(items[0]!.requestId, answer.headers.get('x-request-id'));
      assert.match(items[0]!.actor, /^client\/client-/);
      assert.deepEqual(items[0]!.detail, {
        fields: { owner: { from: 'Sở TTTT', to: 'VNPT' } },
        settings: ['adminPassword', 'nested'],
      });
      const everything = await (await ask('GET', '/audit?limit=500')).text();
      assert.ok(!/hunter|k3y/.test(everything));
    });

    it('that is read page by page without gap or repeat', async () => {
      const whole = await read<AuditPage>(ask('GET', '/audit?limit=500'));
      const ids: number[] = [];
      let path: string | undefined = '/audit?limit=3';
      while (path !== undefined) {
        const page: AuditPage = await read<AuditPage>(ask('GET', path));
        ids.push(...page.items.map(line => line.id));
        path = page.next === undefined ? undefined : `/audit?limit=3&cursor=${page.next}`;
      }
      assert.deepEqual(
        ids,
        whole.items.map(line => line.id),
      );
      assert.equal((await ask('GET', '/audit?cursor=bogus')).status, 400);
      assert.deepEqual((await read<AuditPage>(ask('GET', '/audit?since=2999-01-01T00:00:00Z'))).items, []);
    });

    it('that nobody can change afterwards', async () => {
      for (const statement of ['update audit set actor = null', 'delete from audit', 'truncate audit'])
        await assert.rejects(sql.raw(statement).execute(running.hub.db), /append only/);
    });
  });

  describe('gives clients', () => {
    const create = (body: object) => ask('POST', '/apps/mail/clients', body);

    it('a secret that is shown once and kept only as a hash', async () => {
      const answer = await create({ clientId: 'mail-sync', scopes: ['hr.read'] });
      assert.equal(answer.status, 201);
      const made = await read<NewSecret>(answer);
      assert.match(made.clientSecret, /^[\w-]{43}$/);
      assert.equal(await tokenStatus(made), 200);
      const listed = await (await ask('GET', '/apps/mail/clients')).text();
      assert.ok(listed.includes('mail-sync') && !listed.includes(made.clientSecret));
      const { rows } = await sql`select * from client_secret where client_id = 'mail-sync'`.execute(
        running.hub.db,
      );
      assert.ok(!JSON.stringify(rows).includes(made.clientSecret));
    });

    it('no id twice, no scope that does not exist, no app that does not exist', async () => {
      assert.equal((await create({ clientId: 'mail-sync', scopes: [] })).status, 409);
      assert.equal((await create({ scopes: ['root'] })).status, 400);
      assert.equal((await ask('POST', '/apps/none/clients', { scopes: [] })).status, 404);
      await assert.rejects(running.hub.call('apps.create-client', { scopes: ['root'], actor: 'system' }), {
        code: 'invalid-request',
      });
    });

    it('a new secret beside the old one, never a third', async () => {
      const first = await read<NewSecret>(create({ scopes: ['hr.read'] }));
      const rotate = (query = '') => ask('POST', `/apps/mail/clients/${first.clientId}/rotate${query}`);
      const second = await read<NewSecret>(rotate());
      assert.deepEqual([await tokenStatus(first), await tokenStatus(second)], [200, 200]);
      const third = await read<NewSecret>(rotate());
      assert.deepEqual(
        [await tokenStatus(first), await tokenStatus(second), await tokenStatus(third)],
        [401, 200, 200],
      );
      const shown = await (await ask('GET', '/apps/mail/clients')).text();
      const times = [...shown.matchAll(/"(?:created|expires)At":"([^"]*)"/g)].map(([, at]) => at!);
      assert.ok(times.length > 3);
      for (const at of times) assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const fourth = await read<NewSecret>(rotate('?overlapHours=0'));
      assert.deepEqual([await tokenStatus(third), await tokenStatus(fourth)], [401, 200]);
    });

    it('an end: no more tokens, and the id stays taken', async () => {
      const made = await read<NewSecret>(create({ scopes: [] }));
      const path = `/apps/mail/clients/${made.clientId}`;
      assert.equal((await ask('DELETE', path.replace('/mail/', '/hr/'))).status, 404);
      assert.equal((await ask('DELETE', path)).status, 204);
      assert.equal(await tokenStatus(made), 401);
      assert.equal((await ask('DELETE', path)).status, 404);
      assert.equal((await ask('POST', `${path}/rotate`)).status, 404);
      assert.equal((await create({ clientId: made.clientId, scopes: [] })).status, 409);
    });
  });

  it('writes no secret into the log', () => {
    assert.ok(!/hunter|k3y/.test(running.lines.join('\n')));
  });
});

describe('Secret settings', () => {
  it('are found by name at any depth, or by the pointers given', () => {
    const settings = { a: [{ token: 't' }], 'to/ken': { x: 1 }, password: '', plain: 'p' };
    assert.deepEqual(hideSecrets(settings, null), {
      a: [{ token: '…' }],
      'to/ken': { x: 1 },
      password: '',
      plain: 'p',
    });
    assert.deepEqual(hideSecrets(settings, ['/a/0/token', 'to/ken']), {
      a: [{ token: '…' }],
      'to/ken': '…',
      password: '',
      plain: 'p',
    });
  });

  it('are kept where "…" comes back, and left out where there is nothing to keep', () => {
    assert.deepEqual(keepSecrets({ token: '…', key: '…', plain: '…' }, { token: 't' }, null), {
      token: 't',
      plain: '…',
    });
  });
});
