import assert from 'node:assert/strict';
import createApps from '#hub/apps/apps.service.ts';
import { startGateway } from '#hub/gateway/start-gateway.ts';
import type { Part } from '#hub/platform/part.ts';
import { provisioningRoutes } from '#hub/provisioning/provisioning.routes.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { Entitlement, Scope } from '#schemas/app.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { StaffAccount } from '#schemas/provisioning.ts';
import createSso from '#sso/sso.service.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

type Seen = Record<string, unknown> & { id: string };
interface Answer {
  status: number;
  body: Seen & { items: (Seen & { changed: string[]; snapshot: Seen })[]; next?: string };
}
type Client = (path: string) => Promise<Answer>;

const accounts = {
  name: 'provisioning',
  actions: {
    'provisioning.accounts-of': async ({ staffId }: { staffId: string }) =>
      ['thi-dua', 'mail'].map(app => ({ app, staffId, enabled: true, given: { phone: '0912345678' } })),
  },
} as unknown as Part;

describe('The staff API to a client of an app', () => {
  let hub: TestHub;
  let stopGateway: () => Promise<void>;
  let origin: string;
  const unit: Record<string, string> = {};
  let nr = 0;
  let inside: string;
  let outside: string;
  let mover: string;
  let narrow: Client;

  const apply = async (record: Partial<HrRecord>, unitCode?: string, staffId?: string) => {
    const [outcome] = await hub.call('staff.apply', {
      changes: [
        {
          origin: `o${++nr}`,
          ...(staffId === undefined ? {} : { staffId }),
          ...(unitCode === undefined ? {} : { unitIds: [unit[unitCode]!] }),
          record: {
            ...(staffId === undefined ? { code: `CB${nr}` } : {}),
            name: 'Trần Thị Bình',
            ...(unitCode === undefined
              ? {}
              : { positions: [{ unit: unitCode, title: 'Chuyên viên', main: true }] }),
            ...record,
          },
        },
      ],
      source: 'test',
      actor: 'tester',
    });
    return outcome!.staffId!;
  };
  /** A client of an app with this entitlement; without one, of no app. */
  const clientOf = async (
    appId: string | undefined,
    entitlement: Partial<Entitlement> = {},
    ...scopes: Scope[]
  ): Promise<Client> => {
    if (appId !== undefined)
      await hub.call('apps.put', {
        app: {
          id: appId,
          name: appId,
          owner: 'test',
          enabled: true,
          entitlement: { purpose: 'test', attributes: [], ...entitlement },
        },
        actor: 'test',
      });
    const made = await hub.call('apps.create-client', {
      ...(appId === undefined ? {} : { appId }),
      scopes: ['hr.read', ...scopes],
      actor: 'test',
    });
    const granted = await fetch(`${origin}/sso/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: made.clientId,
        client_secret: made.clientSecret,
      }),
    });
    const { access_token } = (await granted.json()) as { access_token: string };
    return async path => {
      const answer = await fetch(`${origin}/api/v1/staff${path}`, {
        headers: { authorization: `Bearer ${access_token}` },
      });
      return { status: answer.status, body: (await answer.json()) as Answer['body'] };
    };
  };
  const found = async (client: Client, query: string) => (await client(query)).body.items.map(({ id }) => id);

  before(async () => {
    const port = await chooseFreePort();
    origin = `http://127.0.0.1:${port}`;
    hub = await createTestHub([createApps, createSso, createUnits, createStaff], {
      config: { port, origin },
      stubs: [accounts],
    });
    const gateway = await startGateway(
      hub.context,
      [...hub.parts.flatMap(part => part.routes ?? []), ...provisioningRoutes(hub.call)],
      async () => ({ ready: true, roles: { hub: true } }),
      hub.parts.flatMap(part => part.mounts ?? []),
    );
    stopGateway = () => gateway.stop();
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
    for (const { code, id } of await hub.call('units.list', {})) unit[code] = id;
    const communes = (await hub.call('units.list', { parentId: unit['474']! })).map(({ code }) => code);
    const personal = {
      phone: '0912345678',
      gender: 'female' as const,
      birthDate: '1990-04-12',
      email: 'binh@hue.example',
      salary: { rank: '01.003', grade: 1, coefficient: 234, from: '2020-01-01' },
      awards: [{ title: 'Bằng khen', year: 2021 }],
      disciplines: [{ title: 'Khiển trách', year: 2022 }],
    };
    inside = await apply(personal, communes[0]!);
    outside = await apply(personal, '476');
    mover = await apply({ name: 'Lê Văn Chín' }, '476');
    await apply({ name: 'Lê Văn Chín', phone: '0900000001' }, undefined, mover);
    await apply({ name: 'Lê Văn Chín' }, '474', mover);
    await apply({ name: 'Lê Văn Chín', phone: '0900000002' }, undefined, mover);
    narrow = await clientOf('thi-dua', {
      attributes: ['code', 'name', 'unitName', 'awards'],
      unitIds: [unit['474']!],
    });
  });
  after(async () => {
    await stopGateway();
    await hub.stop();
  });

  it('gives the attributes of the entitlement and no others, one by one and in lists', async () => {
    const { body } = await narrow(`/${inside}`);
    const shown = ['awards', 'code', 'id', 'name', 'positions', 'status', 'unitCode', 'unitId', 'unitName'];
    assert.deepEqual(Object.keys(body).sort(), [...shown, 'version'].sort());
    assert.doesNotMatch(JSON.stringify(body), /Chuyên viên/);
    const listed = (await narrow('?q=tran+thi+binh')).body.items;
    assert.deepEqual(listed, [body]);
  });

  it('gives people of the units of the entitlement and those below, in full pages, and 404 for others', async () => {
    assert.deepEqual(new Set(await found(narrow, '')), new Set([inside, mover]));
    for (let at = 0; at < 6; at++) await apply({ name: `Trần An ${at}` }, '476');
    const first = (await narrow('?limit=1')).body;
    const second = (await narrow(`?limit=1&cursor=${first.next}`)).body;
    assert.deepEqual([first.items.length, second.items.length, second.next], [1, 1, undefined]);
    assert.deepEqual(
      [first, second].map(page => page.items[0]!.id),
      [inside, mover],
    );
    for (const path of ['', '/history', '/accounts']) {
      const refused = await narrow(`/${outside}${path}`);
      assert.deepEqual([refused.status, refused.body.code], [404, 'unknown-staff'], path);
    }
  });

  it('searches, filters and sorts by nothing that the app may not see', async () => {
    const { username } = await hub.call('staff.get', { id: inside });
    assert.deepEqual(await found(narrow, `?q=${username}`), []);
    assert.deepEqual(await found(narrow, '?q=CB1'), [inside]);
    const nameless = await clientOf('nameless', { attributes: ['username'] });
    assert.deepEqual(await found(nameless, '?q=tran+thi+binh'), []);
    assert.deepEqual(await found(nameless, `?q=${username}`), [inside]);
    assert.deepEqual(await found(nameless, `?unitId=${unit['474']}&subtree=true`), []);
    const ids: string[] = [];
    let next: string | undefined;
    do {
      const { body } = await nameless(`?limit=2${next === undefined ? '' : `&cursor=${next}`}`);
      ids.push(...body.items.map(({ id }) => id));
      next = body.next;
      if (next !== undefined)
        assert.deepEqual(JSON.parse(Buffer.from(next, 'base64url').toString()), [ids.at(-1)]);
    } while (next !== undefined);
    assert.deepEqual(ids, [...ids].sort());
    assert.equal(ids.length, (await hub.call('staff.counts', {})).total);
  });

  it('tells of the past only what the app may see, from when the person was in its units', async () => {
    const own = (await narrow(`/${inside}/history`)).body.items;
    assert.deepEqual(
      own.map(({ changed }) => [...changed].sort()),
      [['awards', 'positions']],
    );
    assert.equal(own[0]!.snapshot.phone, undefined);
    assert.match(String(own[0]!.at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const moved = (await narrow(`/${mover}/history`)).body.items;
    assert.deepEqual(
      moved.map(({ changed }) => changed),
      [['positions']],
    );
    assert.doesNotMatch(JSON.stringify(moved), /09000|476|Chuyên viên/);
  });

  it('gives pay only to an entitled app with a token for it, discipline to administrators', async () => {
    const attributes = ['name', 'coefficient', 'disciplines'];
    const without = await clientOf('payroll', { attributes });
    assert.deepEqual(Object.keys((await without(`/${inside}`)).body).sort(), [
      'id',
      'name',
      'status',
      'version',
    ]);
    const paying = await clientOf('payroll', { attributes }, 'hr.salary');
    const { body } = await paying(`/${inside}`);
    assert.deepEqual([body.coefficient, body.rank, body.disciplines], [234, undefined, undefined]);
    const changed = (await paying(`/${inside}/history`)).body.items[0]!.changed;
    assert.deepEqual(changed.includes('disciplines'), false);
    const other = await clientOf('phones', { attributes: ['phone'] }, 'hr.salary', 'admin');
    assert.equal((await other(`/${inside}`)).body.coefficient, undefined);
  });

  it('shows the account in the own app alone', async () => {
    const apps = async (client: Client) =>
      ((await client(`/${inside}/accounts`)).body.items as unknown as StaffAccount[]).map(
        ({ app, given }) => [app, given.phone],
      );
    assert.deepEqual(await apps(narrow), [['thi-dua', undefined]]);
    const phone = '0912345678';
    const admin = await clientOf('thi-dua', { attributes: ['name'] }, 'admin');
    assert.deepEqual(await apps(admin), [
      ['thi-dua', phone],
      ['mail', phone],
    ]);
    const centre = await clientOf(undefined);
    assert.deepEqual(await apps(centre), [
      ['thi-dua', undefined],
      ['mail', undefined],
    ]);
  });

  it('leaves a client of no app with all that its scopes allow', async () => {
    const centre = await clientOf(undefined);
    const { body } = await centre(`/${outside}`);
    assert.deepEqual([body.phone, body.gender, body.coefficient], ['0912345678', 'female', undefined]);
    assert.equal((await centre(`/${mover}/history`)).body.items.length, 4);
  });

  it('shows people of a unit that was merged for as long as the HR source leaves them there', async () => {
    const at = '2026-01-01';
    const [merged, successorId] = (await hub.call('units.list', { parentId: unit['474']! })).map(
      ({ id }) => id,
    );
    assert.deepEqual((await hub.call('staff.get', { id: inside })).positions?.[0]?.unitId, merged);
    const by = { source: 'test', actor: 'tester' };
    await hub.call('units.merge', { unitIds: [merged!], successorId: successorId!, at, ...by });
    assert.deepEqual(new Set(await found(narrow, '')), new Set([inside, mover]));
    assert.equal((await narrow(`/${inside}`)).status, 200);
  });
});
