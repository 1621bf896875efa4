import assert from 'node:assert/strict';
import { type Client, filtered, patchOf, type ScimHub, startScim, urns } from '#tests/scim/start-scim.ts';

const salary = ['rank', 'grade', 'coefficient', 'coefficientFrom'];

describe('What a SCIM client sees and may write', () => {
  let scim: ScimHub;
  let hr: Client;
  let narrow: Client;
  let id: string;
  let outsideId: string;

  const hire = async (code: string, unitCode: string, more: Record<string, unknown> = {}) =>
    (
      await hr('POST', '/Users', {
        schemas: [urns.user],
        userName: code,
        displayName: 'Lê Thị Mai',
        title: 'Chuyên viên',
        phoneNumbers: [{ value: '+84900' }],
        [urns.service]: {
          staffCode: code,
          unitCode,
          rank: '01.003',
          grade: 3,
          coefficient: 3.0,
          coefficientFrom: '2021-01-01',
        },
        ...more,
      })
    ).body.id as string;

  before(async () => {
    scim = await startScim();
    hr = await scim.clientOf('hr');
    narrow = await scim.clientOf('narrow', { attributes: ['username', 'name', 'unitId'] });
    id = await hire('in1', '474');
    outsideId = await hire('out1', '476');
  });
  after(() => scim.stop());

  const count = async (client: Client, filter: string) =>
    (await client('GET', filtered(filter))).body.totalResults;

  it('shows nothing but what the app is entitled to, in one resource, in lists, and in the members of a group', async () => {
    const { body } = await narrow('GET', `/Users/${id}`);
    assert.deepEqual(
      Object.keys(body).sort(),
      [
        'active',
        'displayName',
        'groups',
        'id',
        'meta',
        'name',
        'schemas',
        'userName',
        urns.enterprise,
        urns.service,
      ].sort(),
    );
    assert.deepEqual(Object.keys(body[urns.enterprise]).sort(), ['department', 'organization']);
    assert.deepEqual(Object.keys(body[urns.service]).sort(), ['positions', 'status', 'unitCode']);
    assert.equal(body[urns.service].positions[0].title, undefined);
    const asked = await narrow('GET', `/Users/${id}?attributes=title,${urns.service}:rank,phoneNumbers`);
    assert.deepEqual(Object.keys(asked.body).sort(), ['id', 'schemas']);
    const listed = await narrow('GET', '/Users');
    assert.doesNotMatch(JSON.stringify(listed.body), /01\.003|Chuyên viên|\+84900|"in1"/);
    const bare = await scim.clientOf('bare', { attributes: ['unitId'] });
    const group = await bare('GET', `/Groups/${scim.unit['474']}`);
    assert.equal(group.body.members.find(({ type }: { type: string }) => type === 'User').display, undefined);
    const blind = await scim.clientOf('blind', { attributes: ['name'] });
    assert.equal((await blind('GET', `/Groups/${scim.unit['474']}`)).body.members, undefined);
    assert.equal(
      (await blind('GET', `/Groups?filter=${encodeURIComponent(`members.value eq "${id}"`)}`)).body
        .totalResults,
      0,
    );
  });

  it('answers questions over hidden attributes like over absent ones: nothing can be probed', async () => {
    const all = await count(narrow, 'id pr');
    const hidden: [string, string][] = [
      [`${urns.service}:coefficient`, '3.0'],
      [`${urns.service}:rank`, '"01.003"'],
      [`${urns.service}:coefficientFrom`, '"2021-01-01"'],
      ['title', '"Chuyên viên"'],
      ['phoneNumbers.value', '"+84900"'],
      [`${urns.enterprise}:employeeNumber`, '"in1"'],
    ];
    for (const [path, value] of hidden) {
      assert.equal(await count(narrow, `${path} pr`), 0, path);
      assert.equal(await count(narrow, `not (${path} pr)`), all, path);
      for (const op of ['eq', 'ge', 'le', 'gt', 'lt'])
        assert.equal(await count(narrow, `${path} ${op} ${value}`), 0, `${path} ${op}`);
      const single = !path.startsWith('phone');
      assert.equal(await count(narrow, `${path} ne ${value}`), single ? all : 0, path);
      assert.equal(await count(narrow, `${path} eq null`), all, path);
    }
    assert.equal(await count(narrow, 'phoneNumbers[value sw "+"]'), 0);
    assert.equal(await count(narrow, `${urns.service}:positions[title eq "Chuyên viên"]`), 0);
    assert.ok((await count(hr, `${urns.service}:coefficient ge 3`)) >= 2);
  });

  it('hides pay from a token without hr.salary, whatever the app is entitled to', async () => {
    const poor = await scim.clientOf('payroll', { scopes: ['scim'] });
    const rich = await scim.clientOf('payroll');
    const pay = async (client: Client) => (await client('GET', `/Users/${id}`)).body[urns.service];
    for (const name of salary) {
      assert.notEqual((await pay(rich))[name], undefined, name);
      assert.equal((await pay(poor))[name], undefined, name);
    }
    assert.equal(await count(poor, `${urns.service}:grade eq 3`), 0);
    const tried = await poor(
      'PATCH',
      `/Users/${id}`,
      patchOf({ op: 'replace', path: `${urns.service}:grade`, value: 3 }),
    );
    assert.deepEqual([tried.status, tried.body.scimType], [403, 'mutability']);
    assert.doesNotMatch(JSON.stringify(tried.body), /2021|01\.003/);
  });

  it('sorts by a hidden attribute as if nobody had it', async () => {
    const order = async (client: Client, query: string) =>
      (await client('GET', `/Users?${query}`)).body.Resources.map((user: { id: string }) => user.id);
    const nameless = await scim.clientOf('nameless', { attributes: ['unitId'] });
    assert.deepEqual(
      await order(nameless, 'sortBy=displayName&sortOrder=ascending'),
      await order(nameless, ''),
    );
  });

  it('shows only people and units of the app’s own units', async () => {
    const local = await scim.clientOf('local', { unitIds: [scim.unit['474']!] });
    const { body } = await local('GET', '/Users');
    assert.deepEqual(
      body.Resources.map((user: { id: string }) => user.id),
      [id],
    );
    assert.equal(body.totalResults, 1);
    assert.equal((await local('GET', `/Users/${outsideId}`)).status, 404);
    assert.equal((await local('GET', `/Groups/${scim.unit['476']}`)).status, 404);
    assert.equal(await count(local, `id eq "${outsideId}" or groups.value eq "${scim.unit['476']}"`), 0);
    assert.equal(
      (await local('GET', `/Groups?filter=${encodeURIComponent(`members.value eq "${outsideId}"`)}`)).body
        .totalResults,
      0,
    );
  });

  it('keeps each client’s externalId to itself', async () => {
    const a = await scim.clientOf('one');
    const b = await scim.clientOf('two');
    const set = await a('PATCH', `/Users/${id}`, patchOf({ op: 'add', path: 'externalId', value: 'A-7' }));
    assert.equal(set.body.externalId, 'A-7');
    assert.equal((await b('GET', `/Users/${id}`)).body.externalId, undefined);
    assert.equal(await count(b, 'externalId eq "A-7"'), 0);
    assert.equal(await count(a, 'externalId eq "A-7"'), 1);
    const removed = await a('PATCH', `/Users/${id}`, patchOf({ op: 'remove', path: 'externalId' }));
    assert.equal(removed.body.externalId, undefined);
  });

  it('lets only the owner of an attribute change it, and names the attribute', async () => {
    const mail = await scim.clientOf('mail');
    const sso = await scim.clientOf('sso');
    const change = (client: Client, path: string, value: unknown) =>
      client('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path, value }));
    assert.equal(
      (await change(mail, 'emails', [{ value: 'in1@example.com' }])).body.emails[0].value,
      'in1@example.com',
    );
    assert.equal((await change(sso, 'userName', 'Le.In1')).body.userName, 'le.in1');
    assert.equal((await change(hr, 'title', 'Trưởng phòng')).body.title, 'Trưởng phòng');
    for (const [client, path, value] of [
      [hr, 'emails', [{ value: 'x@example.com' }]],
      [hr, 'userName', 'mine'],
      [mail, 'title', 'x'],
      [mail, 'active', false],
      [sso, 'displayName', 'Lê X'],
      [sso, `${urns.service}:status`, 'left'],
      [narrow, 'displayName', 'Lê X'],
    ] as const) {
      const answer = await change(client, path, value);
      assert.deepEqual([answer.status, answer.body.scimType], [403, 'mutability'], path);
      assert.match(answer.body.detail, new RegExp(path.split(':').at(-1)!));
    }
    assert.equal((await narrow('DELETE', `/Users/${id}`)).status, 403);
    assert.equal(
      (await mail('POST', '/Users', { schemas: [urns.user], userName: 'x', displayName: 'Lê X' })).status,
      403,
    );
    const { body } = await mail('GET', `/Users/${id}`);
    const put = await mail('PUT', `/Users/${id}`, { ...body, emails: [{ value: 'other@example.com' }] });
    assert.equal(put.body.emails[0].value, 'other@example.com', 'what is not changed needs no owner');
  });

  it('gives no user name twice, not even one that was given up', async () => {
    const sso = await scim.clientOf('sso');
    const name = (user: string, value: string) =>
      sso('PATCH', `/Users/${user}`, patchOf({ op: 'replace', path: 'userName', value }));
    const before = (await sso('GET', `/Users/${outsideId}`)).body.userName as string;
    assert.equal((await name(outsideId, 'out.new')).status, 200);
    const taken = await name(id, before);
    assert.deepEqual([taken.status, taken.body.scimType], [409, 'uniqueness']);
    assert.equal((await name(outsideId, before)).status, 200, 'its own former one');
  });

  it('writes who did it and by which client into the history, and the events of the change', async () => {
    const history = await scim.hub.call('staff.history', { id });
    assert.ok(history.some(({ source, changed }) => source === 'mail' && changed.includes('email')));
    assert.ok(history.every(({ actor }) => actor.startsWith('client/')));
  });

  it('lets a client of no app in only with admin, to read everything and write nothing', async () => {
    const ask = async (scopes: string[], method = 'GET', body?: unknown) => {
      const made = await scim.hub.call('apps.create-client', { scopes, actor: 'test' });
      const granted = await fetch(`${scim.origin}/sso/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: made.clientId,
          client_secret: made.clientSecret,
        }),
      });
      const { access_token } = (await granted.json()) as { access_token: string };
      return fetch(`${scim.origin}/scim/v2/Users/${id}`, {
        method,
        headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/scim+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    };
    assert.equal((await ask(['scim'])).status, 403);
    assert.equal((await ask(['admin'])).status, 200);
    assert.equal(
      (await ask(['admin'], 'PATCH', patchOf({ op: 'replace', path: 'title', value: 'x' }))).status,
      403,
    );
  });

  it('takes hostile texts in filters as texts', async () => {
    const before = await scim.hub.call('staff.counts', {});
    const hostile = [
      `'; drop table staff; --`,
      `" or 1=1 --`,
      `\\"); select pg_sleep(10); --`,
      `%' or '1'='1`,
      `$1`,
      `${'a'.repeat(3000)}`,
      `\u202e\ufffe😀`,
    ];
    for (const text of hostile)
      for (const path of [
        'userName',
        'displayName',
        'externalId',
        'emails.value',
        'groups.display',
        'id',
        `${urns.service}:positions.title`,
      ])
        for (const op of ['eq', 'co', 'sw', 'gt', 'ne']) {
          const answer = await hr('GET', filtered(`${path} ${op} ${JSON.stringify(text)}`, '&count=0'));
          assert.ok(
            answer.status === 200 || answer.body.scimType === 'invalidFilter',
            `${path} ${op} ${text}: ${JSON.stringify(answer.body)}`,
          );
          if (op === 'eq') assert.equal(answer.body.totalResults ?? 0, 0, `${path} ${text}`);
        }
    for (const path of ['sortBy', 'attributes', 'cursor', 'startIndex']) {
      const answer = await hr('GET', `/Users?${path}=${encodeURIComponent(`'; drop table staff; --`)}`);
      assert.ok(answer.status < 500, path);
    }
    assert.deepEqual(await scim.hub.call('staff.counts', {}), before);
  });
});
