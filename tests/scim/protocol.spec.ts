import assert from 'node:assert/strict';
import {
  type Answer,
  type Client,
  filtered,
  patchOf,
  type ScimHub,
  startScim,
  urns,
} from '#tests/scim/start-scim.ts';

const api = 'urn:ietf:params:scim:api:messages:2.0';
const core = 'urn:ietf:params:scim:schemas:core:2.0';

/** What RFC 7643, RFC 7644 and RFC 9865 ask of what is declared, one sentence each. */
describe('SCIM as the RFCs ask', () => {
  let scim: ScimHub;
  let hr: Client;
  let sso: Client;
  const ids: Record<string, string> = {};
  let nr = 0;

  const newUser = (more: Record<string, unknown> = {}, code = `c${++nr}`) => ({
    schemas: [urns.user, urns.enterprise],
    userName: `proposed${nr}`,
    name: { formatted: 'Nguyễn Văn An' },
    [urns.enterprise]: { employeeNumber: code },
    ...more,
  });
  const create = async (more: Record<string, unknown> = {}, code?: string) => {
    const answer = await hr('POST', '/Users', newUser(more, code));
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer;
  };
  const found = async (filter: string) => {
    const answer = await hr('GET', filtered(filter));
    assert.equal(answer.status, 200, `${filter}: ${JSON.stringify(answer.body)}`);
    return answer.body.Resources.map((user: { displayName: string }) => user.displayName).sort();
  };
  const fails = (answer: Answer, status: number, scimType?: string) => {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.deepEqual(answer.body.schemas, [`${api}:Error`]);
    assert.equal(answer.body.status, String(status));
    assert.equal(answer.body.scimType, scimType);
    assert.ok(answer.body.detail.length > 5);
    assert.match(answer.headers.get('content-type')!, /^application\/scim\+json/);
  };

  before(async () => {
    scim = await startScim();
    hr = await scim.clientOf('hr');
    sso = await scim.clientOf('sso');
    const people: [string, Record<string, unknown>][] = [
      ['binh', { name: { formatted: 'Trần Thị Bình' }, title: 'Chuyên viên', externalId: 'B-1' }],
      ['duc', { name: { formatted: 'Đặng Văn Đức' }, phoneNumbers: [{ value: '+84911' }] }],
      ['nun', { name: { formatted: 'Hồ A Nun' }, active: false }],
      ['niê', { name: { formatted: "H'Len" }, emails: [{ value: 'HLen@example.com', type: 'work' }] }],
    ];
    for (const [key, more] of people)
      ids[key] = (
        await create({
          ...more,
          [urns.enterprise]: {
            employeeNumber: `0${key}`,
            ...(more.title ? { department: 'Thành phố Huế' } : {}),
          },
        })
      ).body.id;
  });
  after(() => scim.stop());

  describe('discovery', () => {
    it('tells in ServiceProviderConfig what is spoken', async () => {
      const { status, body } = await hr('GET', '/ServiceProviderConfig');
      assert.equal(status, 200);
      assert.deepEqual(body.schemas, [`${core}:ServiceProviderConfig`]);
      for (const name of ['patch', 'bulk', 'filter', 'sort', 'etag'])
        assert.equal(body[name].supported, true);
      assert.equal(body.changePassword.supported, false);
      assert.equal(body.pagination.cursor && body.pagination.index, true);
      assert.equal(body.pagination.defaultPaginationMethod, 'index');
      assert.equal(body.authenticationSchemes[0].type, 'oauthbearertoken');
    });
    it('lists schemas with every characteristic of every attribute, and gives one by its URN', async () => {
      const { body } = await hr('GET', '/Schemas');
      assert.equal(body.totalResults, 4);
      const walk = (attributes: Record<string, unknown>[]): void => {
        for (const attribute of attributes) {
          for (const name of [
            'name',
            'type',
            'multiValued',
            'description',
            'required',
            'mutability',
            'returned',
          ])
            assert.notEqual(attribute[name], undefined, `${attribute.name}.${name}`);
          assert.equal(attribute.needs, undefined);
          if (attribute.subAttributes) walk(attribute.subAttributes as Record<string, unknown>[]);
        }
      };
      for (const { attributes } of body.Resources) walk(attributes);
      const one = await hr('GET', `/Schemas/${urns.service}`);
      assert.equal(one.body.id, urns.service);
      fails(await hr('GET', '/Schemas/urn:nothing'), 404);
    });
    it('lists kinds of resources with their extensions, none of them required', async () => {
      const { body } = await hr('GET', '/ResourceTypes');
      assert.deepEqual(
        body.Resources.map(({ endpoint }: { endpoint: string }) => endpoint),
        ['/Users', '/Groups'],
      );
      const { body: user } = await hr('GET', '/ResourceTypes/User');
      assert.deepEqual(
        user.schemaExtensions.map(({ required }: { required: boolean }) => required),
        [false, false],
      );
    });
    it('refuses a filter over what describes the service', async () => {
      for (const path of ['/Schemas', '/ResourceTypes', '/ServiceProviderConfig'])
        fails(await hr('GET', `${path}?filter=id%20pr`), 403);
    });
    it('answers 501 at /Me to a program: it is not a person', async () => {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'])
        fails(await hr(method, '/Me', method === 'GET' || method === 'DELETE' ? undefined : {}), 501);
    });
  });

  describe('what is not there', () => {
    it('is a search through people and units at once: 501', async () => {
      fails(await hr('GET', '?filter=id%20pr'), 501);
      fails(await hr('POST', '/.search', { schemas: [`${api}:SearchRequest`] }), 501);
    });
  });

  describe('errors', () => {
    it('are SCIM errors without a token, without the scope, at unknown addresses and with other methods', async () => {
      const bare = await fetch(`${scim.origin}/scim/v2/Users`);
      assert.equal(bare.status, 401);
      assert.deepEqual(((await bare.json()) as { schemas: string[] }).schemas, [`${api}:Error`]);
      assert.match(bare.headers.get('www-authenticate')!, /Bearer/);
      const other = await scim.clientOf('other', { scopes: ['hr.read'] });
      fails(await other('GET', '/Users'), 403);
      fails(await hr('GET', '/Nothing'), 404);
      fails(await hr('PATCH', '/Users', {}), 405);
      fails(await hr('GET', '/Users/00000000-0000-4000-8000-000000000000'), 404);
      fails(await hr('GET', '/Users/not-an-id'), 404);
    });
    it('tell invalidSyntax for what is no JSON, no object or of another schema', async () => {
      fails(await hr('POST', '/Users', '{"schemas":'), 400, 'invalidSyntax');
      fails(await hr('POST', '/Users', []), 400, 'invalidSyntax');
      fails(await hr('POST', '/Users', { ...newUser(), schemas: [`${core}:Group`] }), 400, 'invalidSyntax');
      fails(
        await hr('PATCH', `/Users/${ids.binh}`, { ...patchOf({ op: 'add' }), schemas: [urns.user] }),
        400,
        'invalidSyntax',
      );
      fails(await hr('PATCH', `/Users/${ids.binh}`, patchOf()), 400, 'invalidSyntax');
      fails(
        await hr('PATCH', `/Users/${ids.binh}`, patchOf({ op: 'move', path: 'title' })),
        400,
        'invalidSyntax',
      );
    });
    it('come in Vietnamese unless English is asked for', async () => {
      const answer = await hr('GET', '/Users/nobody', undefined, { 'accept-language': 'vi' });
      assert.match(answer.body.detail, /Không có/);
    });
  });

  describe('a resource', () => {
    it('is created with 201, Location, ETag and meta, and read back the same', async () => {
      const made = await create({ title: undefined, externalId: 'X-9' });
      const { location, version, created, lastModified } = made.body.meta;
      assert.equal(made.headers.get('location'), location);
      assert.equal(location, `${scim.origin}/scim/v2/Users/${made.body.id}`);
      assert.match(made.headers.get('etag')!, /^W\/"/);
      assert.equal(made.headers.get('etag'), version);
      assert.ok(Date.parse(created) <= Date.parse(lastModified));
      assert.deepEqual((await hr('GET', `/Users/${made.body.id}`)).body, made.body);
      assert.match(made.headers.get('content-type')!, /^application\/scim\+json/);
    });
    it('names in schemas what it shows, and nothing more', async () => {
      const { body } = await hr('GET', `/Users/${ids.binh}`);
      assert.deepEqual(body.schemas, [urns.user, urns.enterprise, urns.service]);
      assert.ok(body.schemas.every((urn: string) => urn === urns.user || body[urn] !== undefined));
    });
    it('keeps Vietnamese names in their order: họ, tên đệm, tên', async () => {
      const { body } = await hr('GET', `/Users/${ids.binh}`);
      assert.deepEqual(body.name, {
        formatted: 'Trần Thị Bình',
        familyName: 'Trần',
        middleName: 'Thị',
        givenName: 'Bình',
      });
      const one = await hr('GET', `/Users/${ids.niê}`);
      assert.deepEqual(one.body.name, { formatted: "H'Len", givenName: "H'Len" });
    });
    it('takes names of attributes in any case, and passes over unknown and read-only ones', async () => {
      const { body } = await create({
        ID: 'mine',
        META: { created: 'never' },
        DISPLAYNAME: 'Lê Thị Hoa',
        name: undefined,
        favouriteColour: 'blue',
        password: 'secret',
        groups: [{ value: 'x' }],
      });
      assert.equal(body.displayName, 'Lê Thị Hoa');
      assert.notEqual(body.id, 'mine');
      assert.equal(body.password ?? body.favouriteColour ?? body.groups, undefined);
    });
    it('needs a userName, a name and a staff code', async () => {
      fails(await hr('POST', '/Users', newUser({ userName: undefined })), 400, 'invalidValue');
      fails(await hr('POST', '/Users', newUser({ name: undefined })), 400, 'invalidValue');
      fails(await hr('POST', '/Users', newUser({ [urns.enterprise]: {} })), 400, 'invalidValue');
    });
    it('is refused with uniqueness when somebody in service has the code', async () => {
      const made = await create();
      const code = made.body[urns.enterprise].employeeNumber;
      fails(await hr('POST', '/Users', newUser({}, code)), 409, 'uniqueness');
    });
    it('is made once when two make the same at once', async () => {
      const both = await Promise.all([1, 2].map(() => hr('POST', '/Users', newUser({}, 'twin'))));
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
      assert.equal(
        (await hr('GET', filtered(`${urns.enterprise}:employeeNumber eq "twin"`))).body.totalResults,
        1,
      );
    });
    it('is refused with invalidValue for values of another kind', async () => {
      fails(await hr('POST', '/Users', newUser({ active: 'perhaps' })), 400, 'invalidValue');
      fails(await hr('POST', '/Users', newUser({ displayName: 5 })), 400, 'invalidValue');
      fails(
        await hr(
          'POST',
          '/Users',
          newUser({ [urns.service]: { coefficientFrom: '2024-02-30', rank: '1', grade: 1, coefficient: 2 } }),
        ),
        400,
        'invalidValue',
      );
      fails(
        await hr(
          'POST',
          '/Users',
          newUser({ title: 'x', [urns.enterprise]: { employeeNumber: 'q', department: 'Sở Trên Trời' } }),
        ),
        400,
        'invalidValue',
      );
    });
    it('is gone for who deleted it: 204, then 404 and in no list', async () => {
      const { body } = await create();
      assert.equal((await hr('DELETE', `/Users/${body.id}`)).status, 204);
      fails(await hr('GET', `/Users/${body.id}`), 404);
      fails(await hr('DELETE', `/Users/${body.id}`), 404);
      assert.deepEqual(await found(`id eq "${body.id}"`), []);
      const staff = await scim.hub.call('staff.get', { id: body.id });
      assert.equal(staff.status, 'left', 'the register keeps them');
      assert.equal((await sso('GET', `/Users/${body.id}`)).body.active, false, 'others see that they left');
    });
  });

  describe('versions', () => {
    it('answer 304 to If-None-Match while nothing has changed', async () => {
      const { headers } = await hr('GET', `/Users/${ids.binh}`);
      const etag = headers.get('etag')!;
      const again = await hr('GET', `/Users/${ids.binh}`, undefined, { 'if-none-match': etag });
      assert.equal(again.status, 304);
      assert.equal(again.body, undefined);
      assert.equal(
        (await hr('GET', `/Users/${ids.binh}`, undefined, { 'if-none-match': '"other"' })).status,
        200,
      );
    });
    it('answer 412 to If-Match of an older version, for PATCH, PUT and DELETE', async () => {
      const { body, headers } = await create();
      const path = `/Users/${body.id}`;
      const old = { 'if-match': headers.get('etag')! };
      assert.equal(
        (await hr('PATCH', path, patchOf({ op: 'add', path: 'externalId', value: 'v' }), old)).status,
        200,
      );
      fails(await hr('PATCH', path, patchOf({ op: 'add', path: 'externalId', value: 'w' }), old), 412);
      fails(await hr('PUT', path, newUser(), old), 412);
      fails(await hr('DELETE', path, undefined, old), 412);
      assert.equal((await hr('DELETE', path, undefined, { 'if-match': '*' })).status, 204);
    });
    it('stay the same when a change changes nothing', async () => {
      const { body } = await hr('GET', `/Users/${ids.binh}`);
      for (const answer of [
        await hr(
          'PATCH',
          `/Users/${ids.binh}`,
          patchOf({ op: 'replace', path: 'displayName', value: body.displayName }),
        ),
        await hr('PUT', `/Users/${ids.binh}`, body),
      ])
        assert.deepEqual(answer.body.meta, body.meta);
    });
    it('let one of two who change from the same version through, and the other not', async () => {
      const { body } = await create();
      const both = await Promise.all(
        ['Một', 'Hai'].map(name =>
          hr(
            'PATCH',
            `/Users/${body.id}`,
            patchOf({ op: 'replace', path: 'displayName', value: `Lê ${name}` }),
            {
              'if-match': body.meta.version,
            },
          ),
        ),
      );
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 412]);
    });
  });

  describe('PATCH', () => {
    const patch = async (id: string, ...operations: unknown[]) =>
      hr('PATCH', `/Users/${id}`, patchOf(...operations));
    const done = async (id: string, ...operations: unknown[]) => {
      const answer = await patch(id, ...operations);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };
    it('adds, replaces and removes single attributes, with and without a path', async () => {
      const { id } = (await create()).body;
      assert.equal(
        (await done(id, { op: 'add', path: 'phoneNumbers', value: [{ value: '1' }] })).phoneNumbers[0].value,
        '1',
      );
      assert.equal(
        (await done(id, { op: 'replace', path: 'phoneNumbers.value', value: '2' })).phoneNumbers[0].value,
        '2',
      );
      assert.equal(
        (await done(id, { op: 'add', value: { phoneNumbers: [{ value: '3', primary: true }] } }))
          .phoneNumbers[0].value,
        '3',
      );
      assert.equal((await done(id, { op: 'remove', path: 'phoneNumbers' })).phoneNumbers, undefined);
      assert.equal(
        (await done(id, { op: 'replace', value: { [urns.enterprise]: { department: 'Thành phố Huế' } } }))[
          urns.enterprise
        ].department,
        'Thành phố Huế',
      );
      assert.equal(
        (await done(id, { op: 'add', path: `${urns.service}:unitCode`, value: '476' }))[urns.service]
          .unitCode,
        '476',
      );
    });
    it('applies operations in order, all or none', async () => {
      const { id, displayName } = (await create()).body;
      fails(
        await patch(
          id,
          { op: 'replace', path: 'displayName', value: 'Khác Hẳn' },
          { op: 'replace', path: 'nothing', value: 1 },
        ),
        400,
        'invalidPath',
      );
      assert.equal((await hr('GET', `/Users/${id}`)).body.displayName, displayName);
      const body = await done(
        id,
        { op: 'replace', path: 'displayName', value: 'Lê Một' },
        { op: 'replace', path: 'displayName', value: 'Lê Hai' },
      );
      assert.equal(body.displayName, 'Lê Hai');
    });
    it('answers noTarget, invalidPath, invalidFilter, invalidValue and mutability where they belong', async () => {
      const { id } = (await create()).body;
      fails(await patch(id, { op: 'remove' }), 400, 'noTarget');
      fails(
        await patch(id, { op: 'replace', path: 'phoneNumbers[type eq "fax"].value', value: '1' }),
        400,
        'noTarget',
      );
      fails(
        await patch(id, { op: 'replace', path: 'phoneNumbers[type eq', value: '1' }),
        400,
        'invalidFilter',
      );
      fails(await patch(id, { op: 'replace', path: '[x]', value: '1' }), 400, 'invalidPath');
      fails(await patch(id, { op: 'replace', path: 'shoeSize', value: '1' }), 400, 'invalidPath');
      fails(await patch(id, { op: 'replace', path: 'active', value: 'maybe' }), 400, 'invalidValue');
      fails(await patch(id, { op: 'replace', path: 'id', value: 'x' }), 400, 'mutability');
      fails(await patch(id, { op: 'add', path: 'groups', value: [{ value: 'x' }] }), 400, 'mutability');
      fails(await patch(id, { op: 'replace', value: { meta: {} } }), 400, 'mutability');
      fails(await patch(id, { op: 'remove', path: 'userName' }), 400, 'mutability');
      fails(await patch(id, { op: 'replace', path: 'displayName' }), 400, 'invalidValue');
    });
    it('refuses to take away what everybody always has', async () => {
      const { id } = (await create()).body;
      for (const path of [
        'name',
        'name.formatted',
        'displayName',
        'active',
        `${urns.service}:status`,
        urns.enterprise,
      ])
        fails(await patch(id, { op: 'remove', path }), 400, 'mutability');
      fails(await patch(id, { op: 'replace', value: { displayName: null } }), 400, 'mutability');
    });
    it('creates the work address that a path asks for and that is not there', async () => {
      const { id } = (await create()).body;
      const body = await done(id, {
        op: 'replace',
        path: 'phoneNumbers[type eq "work"].value',
        value: '0234',
      });
      assert.deepEqual(body.phoneNumbers, [{ value: '0234', type: 'work', primary: true }]);
    });
    it('changes one post of several by a path with a filter', async () => {
      const positions = [
        { unitCode: '474', title: 'Trưởng phòng', primary: true },
        { unitCode: '476', title: 'Ủy viên' },
      ];
      const { id } = (await create({ [urns.service]: { positions } })).body;
      const path = `${urns.service}:positions[unitCode eq "476"].primary`;
      const body = await done(id, { op: 'replace', path, value: true });
      assert.deepEqual(
        body[urns.service].positions
          .map((post: { unitCode: string; primary: boolean }) => [post.unitCode, post.primary])
          .sort(),
        [
          ['474', false],
          ['476', true],
        ],
      );
      assert.equal(body[urns.service].unitCode, '476');
    });
    it('adds to a list what it lacks, and nothing twice', async () => {
      const award = { title: 'Bằng khen', year: 2020 };
      const { id, meta } = (await create({ [urns.service]: { awards: [award] } })).body;
      const path = `${urns.service}:awards`;
      assert.equal((await done(id, { op: 'add', path, value: [award] })).meta.version, meta.version);
      assert.equal(
        (await done(id, { op: 'add', path, value: { title: 'Giấy khen' } }))[urns.service].awards.length,
        2,
      );
      fails(await patch(id, { op: 'remove', path }), 400, 'mutability');
    });
    it('returns only the attributes that are asked for', async () => {
      const { id } = (await create()).body;
      const { body } = await hr(
        'PATCH',
        `/Users/${id}?attributes=active`,
        patchOf({ op: 'replace', path: 'active', value: false }),
      );
      assert.deepEqual(Object.keys(body).sort(), ['active', 'id', 'schemas']);
    });
  });

  describe('filters', () => {
    const all = ["H'Len", 'Hồ A Nun', 'Trần Thị Bình', 'Đặng Văn Đức'].sort();
    const mine = `${urns.enterprise}:employeeNumber sw "0"`;
    const cases: Record<string, string[]> = {
      'displayName eq "trần thị bình"': ['Trần Thị Bình'],
      'DISPLAYNAME EQ "Trần Thị Bình"': ['Trần Thị Bình'],
      [`${urns.user}:displayName co "văn"`]: ['Đặng Văn Đức'],
      'displayName sw "đặng"': ['Đặng Văn Đức'],
      'displayName ew "NUN"': ['Hồ A Nun'],
      'name.familyName eq "Hồ"': ['Hồ A Nun'],
      'name.middleName eq "A"': ['Hồ A Nun'],
      'name.givenName eq "Đức"': ['Đặng Văn Đức'],
      'name.familyName pr': all.filter(name => name !== "H'Len"),
      'not (name.familyName pr)': ["H'Len"],
      'name.familyName ne "Hồ"': all.filter(name => name !== 'Hồ A Nun'),
      'active eq false': ['Hồ A Nun'],
      'active eq "True"': all.filter(name => name !== 'Hồ A Nun'),
      'active ne true': ['Hồ A Nun'],
      'title pr': ['Trần Thị Bình'],
      'title eq null': all.filter(name => name !== 'Trần Thị Bình'),
      'emails.value eq "hlen@EXAMPLE.com"': ["H'Len"],
      'emails eq "hlen@example.com"': ["H'Len"],
      'emails[type eq "work" and value co "@example"]': ["H'Len"],
      'emails[type eq "home"]': [],
      'emails pr': ["H'Len"],
      'phoneNumbers[not (value sw "+1")]': ['Đặng Văn Đức'],
      'externalId eq "B-1"': ['Trần Thị Bình'],
      'externalId eq "b-1"': [],
      'externalId pr': ['Trần Thị Bình'],
      'groups.display eq "thành phố huế"': ['Trần Thị Bình'],
      [`${urns.enterprise}:department co "huế"`]: ['Trần Thị Bình'],
      [`${urns.service}:positions[primary eq true and title sw "chuyên"]`]: ['Trần Thị Bình'],
      [`${urns.service}:status eq "suspended"`]: ['Hồ A Nun'],
      'displayName gt "h" and displayName lt "n"': ["H'Len", 'Hồ A Nun'],
      'displayName ge "Trần Thị Bình" and displayName le "Trần Thị Bình"': ['Trần Thị Bình'],
      'meta.lastModified gt "2020-01-01T00:00:00Z" and meta.created lt "2100-01-01T00:00:00+07:00"': all,
      'meta.resourceType eq "User"': all,
      // `and` binds closer than `or`.
      'name.givenName eq "Bình" or name.givenName eq "Đức" and active eq false': ['Trần Thị Bình'],
      '(name.givenName eq "Bình" or name.givenName eq "Đức") and active eq false': [],
      'displayName co "%" or displayName co "_" or displayName co "\\\\"': [],
    };
    for (const [filter, names] of Object.entries(cases))
      it(`find ${names.length === 4 ? 'all' : names.join(', ') || 'nobody'} by ${filter.slice(0, 90)}`, async () => {
        assert.deepEqual(await found(`(${filter}) and ${mine}`), names.slice().sort());
      });
    for (const filter of [
      'userName',
      'userName eq',
      'userName eq "x',
      'userName xx "x"',
      'userName eq "x" and',
      '(userName eq "x"',
      'userName eq "x")',
      'shoeSize eq 5',
      'active gt true',
      'active eq 5',
      'userName eq 5',
      'meta.lastModified gt "yesterday"',
      'meta.lastModified gt "2024-02-30T00:00:00Z"',
      'meta.version eq "x"',
      'name eq "x"',
      'emails[shoe eq "x"]',
      'userName eq "a\\u0000"',
      `${'('.repeat(60)}id pr${')'.repeat(60)}`,
    ])
      it(`answer invalidFilter or tooMany to ${filter.slice(0, 60)}`, async () => {
        const answer = await hr('GET', filtered(filter));
        fails(answer, 400, answer.body.scimType);
        assert.match(answer.body.scimType, /^(invalidFilter|tooMany)$/);
      });
  });

  describe('lists', () => {
    it('are ListResponses with totals, 1-based, and empty ones have 0', async () => {
      const { body } = await hr('GET', '/Users?startIndex=2&count=2');
      assert.deepEqual(body.schemas, [`${api}:ListResponse`]);
      assert.deepEqual([body.startIndex, body.itemsPerPage, body.Resources.length], [2, 2, 2]);
      assert.ok(body.totalResults > 4);
      const none = await hr('GET', filtered('userName eq "nobody"'));
      assert.equal(none.status, 200);
      assert.deepEqual([none.body.totalResults, none.body.Resources], [0, []]);
    });
    it('read count 0 as totals only, a negative one as 0, startIndex below 1 as 1', async () => {
      for (const count of ['0', '-3']) {
        const { body } = await hr('GET', `/Users?count=${count}`);
        assert.ok(body.totalResults > 0);
        assert.deepEqual(body.Resources, []);
      }
      assert.equal((await hr('GET', '/Users?startIndex=-5&count=1')).body.startIndex, 1);
      fails(await hr('GET', '/Users?startIndex=x'), 400, 'invalidValue');
    });
    it('sort in Vietnamese order, up and down', async () => {
      const sorted = async (order: string) =>
        (
          await hr(
            'GET',
            `${filtered(`${urns.enterprise}:employeeNumber sw "0"`)}&sortBy=name.familyName${order}`,
          )
        ).body.Resources.map((user: { displayName: string }) => user.displayName);
      const up = ['Đặng Văn Đức', 'Hồ A Nun', 'Trần Thị Bình', "H'Len"];
      assert.deepEqual(await sorted(''), up);
      assert.deepEqual(await sorted('&sortOrder=descending'), up.toReversed());
      fails(await hr('GET', '/Users?sortBy=title'), 400, 'invalidPath');
      fails(await hr('GET', '/Users?sortOrder=sideways'), 400, 'invalidValue');
    });
    it('go on by cursor until there is no nextCursor, and name faults as RFC 9865 does', async () => {
      const first = await hr('GET', '/Users?cursor=&count=2');
      assert.equal(first.body.startIndex, undefined);
      assert.equal(first.body.Resources.length, 2);
      const next = await hr('GET', `/Users?cursor=${first.body.nextCursor}&count=2`);
      const seen = [...first.body.Resources, ...next.body.Resources].map(({ id }: { id: string }) => id);
      assert.equal(new Set(seen).size, 4);
      fails(await hr('GET', '/Users?cursor=rubbish'), 400, 'invalidCursor');
      fails(await hr('GET', `/Users?cursor=${first.body.nextCursor}&sortBy=userName`), 400, 'invalidCursor');
      fails(await hr('GET', '/Users?cursor=&startIndex=1'), 400, 'invalidCursor');
      for (const count of ['0', '501'])
        fails(await hr('GET', `/Users?cursor=&count=${count}`), 400, 'invalidCount');
    });
    it('show the attributes asked for, with id and schemas always', async () => {
      const keys = async (query: string) =>
        Object.keys((await hr('GET', `/Users/${ids.binh}?${query}`)).body).sort();
      assert.deepEqual(await keys('attributes=userName,meta'), ['id', 'meta', 'schemas', 'userName']);
      assert.deepEqual(await keys('attributes=USERNAME'), ['id', 'schemas', 'userName']);
      assert.deepEqual(
        await keys(`attributes=${urns.enterprise}:employeeNumber`),
        ['id', 'schemas', urns.enterprise].sort(),
      );
      const { body } = await hr('GET', `/Users/${ids.binh}?attributes=name.familyName`);
      assert.deepEqual(body.name, { familyName: 'Trần' });
      const left = await hr(
        'GET',
        `/Users/${ids.binh}?excludedAttributes=id,name.formatted,groups,${urns.service}`,
      );
      assert.ok(left.body.id && left.body.name.givenName && left.body.schemas);
      assert.equal(left.body.groups ?? left.body.name.formatted ?? left.body[urns.service], undefined);
      fails(await hr('GET', '/Users?attributes=id&excludedAttributes=name'), 400, 'invalidValue');
    });
    it('answer the same to a question in the body of .search', async () => {
      const filter = 'name.givenName eq "Bình"';
      const asked = await hr('GET', filtered(filter, '&attributes=userName'));
      const searched = await hr('POST', '/Users/.search', {
        schemas: [`${api}:SearchRequest`],
        filter,
        attributes: ['userName'],
        startIndex: 1,
      });
      assert.equal(searched.status, 200);
      assert.deepEqual(searched.body, asked.body);
      fails(await hr('POST', '/Users/.search', { schemas: [urns.user], filter }), 400, 'invalidSyntax');
    });
  });

  describe('groups', () => {
    it('are the units in force, without members in lists unless asked for', async () => {
      const hue = `/Groups?filter=${encodeURIComponent('displayName eq "thành phố huế"')}`;
      const { body } = await hr('GET', hue);
      assert.equal(body.totalResults, 1);
      assert.equal(body.Resources[0].members, undefined);
      const asked = await hr('GET', `${hue}&attributes=members.value`);
      assert.ok(asked.body.Resources[0].members.some(({ value }: { value: string }) => value === ids.binh));
      const one = await hr('GET', `/Groups/${body.Resources[0].id}`);
      const kinds = new Set(one.body.members.map(({ type }: { type: string }) => type));
      assert.deepEqual([...kinds].sort(), ['Group', 'User']);
      const without = await hr('GET', `/Groups/${body.Resources[0].id}?excludedAttributes=members`);
      assert.equal(without.body.members, undefined);
      const same = await hr('GET', `/Groups/${one.body.id}`, undefined, {
        'if-none-match': one.headers.get('etag')!,
      });
      assert.equal(same.status, 304);
    });
    it('are found by a member, and the other way round', async () => {
      const by = async (filter: string) =>
        (await hr('GET', `/Groups?filter=${encodeURIComponent(filter)}`)).body;
      const [hue] = (await by(`members.value eq "${ids.binh}"`)).Resources;
      assert.equal(hue.displayName, 'Thành phố Huế');
      assert.equal((await by(`members[value eq "${ids.binh}" and type eq "User"]`)).totalResults, 1);
      assert.equal((await by(`members.value eq "${ids.binh}" and displayName sw "x"`)).totalResults, 0);
      assert.equal((await by('members.value eq "nobody"')).totalResults, 0);
      assert.deepEqual(await found(`groups.value eq "${hue.id}" and id eq "${ids.binh}"`), ['Trần Thị Bình']);
      assert.equal((await by('members pr')).scimType, 'invalidFilter');
    });
    it('go by cursor and by number, in Vietnamese order', async () => {
      const total = (await hr('GET', '/Groups?count=0')).body.totalResults;
      const names: string[] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const { body }: Answer = await hr('GET', `/Groups?sortBy=displayName&count=50&cursor=${cursor}`);
        names.push(...body.Resources.map(({ displayName }: { displayName: string }) => displayName));
        cursor = body.nextCursor;
      }
      assert.equal(names.length, total);
      assert.deepEqual(names, names.toSorted(new Intl.Collator('vi').compare));
      const last = await hr('GET', `/Groups?startIndex=${total}&count=50`);
      assert.equal(last.body.Resources.length, 1);
    });
    it('are kept by the hub: nobody writes them here', async () => {
      const { id } = (await hr('GET', '/Groups?count=1')).body.Resources[0];
      fails(await hr('POST', '/Groups', { schemas: [`${core}:Group`], displayName: 'x' }), 403, 'mutability');
      fails(
        await hr('PATCH', `/Groups/${id}`, patchOf({ op: 'replace', path: 'displayName', value: 'x' })),
        403,
        'mutability',
      );
      fails(await hr('PUT', `/Groups/${id}`, { schemas: [`${core}:Group`] }), 403, 'mutability');
      fails(await hr('DELETE', `/Groups/${id}`), 403, 'mutability');
      fails(await hr('GET', '/Groups/nothing'), 404);
    });
  });

  describe('bulk', () => {
    const bulk = (Operations: unknown[], more = {}) =>
      hr('POST', '/Bulk', { schemas: [`${api}:BulkRequest`], Operations, ...more });
    it('does each operation on its own, with its status, location and version', async () => {
      const { status, body } = await bulk([
        { method: 'POST', path: '/Users', bulkId: 'a', data: newUser() },
        {
          method: 'PATCH',
          path: `/Users/${ids.duc}`,
          data: patchOf({ op: 'add', path: 'externalId', value: 'D' }),
        },
        { method: 'DELETE', path: '/Users/nobody' },
      ]);
      assert.equal(status, 200);
      assert.deepEqual(body.schemas, [`${api}:BulkResponse`]);
      assert.deepEqual(
        body.Operations.map((one: Answer) => one.status),
        ['201', '200', '404'],
      );
      assert.equal(body.Operations[0].bulkId, 'a');
      assert.match(body.Operations[0].location, /\/scim\/v2\/Users\/[0-9a-f-]{36}$/);
      assert.match(body.Operations[0].version, /^W\//);
      assert.equal(body.Operations[2].response.status, '404');
    });
    it('resolves bulkIds backwards and forwards, and answers 409 to circles', async () => {
      const patch = patchOf({ op: 'replace', path: 'displayName', value: 'Lê Sau' });
      const { body } = await bulk([
        { method: 'PATCH', path: '/Users/bulkId:later', bulkId: 'p', data: patch },
        { method: 'POST', path: '/Users', bulkId: 'later', data: newUser() },
        { method: 'POST', path: '/Users', bulkId: 'x', data: newUser({ externalId: 'bulkId:y' }) },
        { method: 'POST', path: '/Users', bulkId: 'y', data: newUser({ externalId: 'bulkId:x' }) },
      ]);
      assert.deepEqual(
        body.Operations.map((one: Answer) => one.status),
        ['200', '201', '409', '409'],
      );
      assert.equal(body.Operations[0].location, body.Operations[1].location);
    });
    it('stops after failOnErrors faults', async () => {
      const wrong = { method: 'DELETE', path: '/Users/nobody' };
      const { body } = await bulk(
        [wrong, wrong, { method: 'POST', path: '/Users', bulkId: 'n', data: newUser() }],
        { failOnErrors: 1 },
      );
      assert.equal(body.Operations.length, 1);
    });
    it('heeds the version of an operation', async () => {
      const { body } = await bulk([
        {
          method: 'PATCH',
          path: `/Users/${ids.duc}`,
          version: 'W/"old"',
          data: patchOf({ op: 'add', path: 'externalId', value: 'E' }),
        },
      ]);
      assert.equal(body.Operations[0].status, '412');
    });
    it('refuses too many operations and too large a body with 413, and what is no bulk request', async () => {
      fails(await bulk(Array(201).fill({ method: 'DELETE', path: '/Users/x' })), 413);
      fails(
        await bulk([{ method: 'POST', path: '/Users', bulkId: 'big', data: { x: 'x'.repeat(11_000_000) } }]),
        413,
      );
      fails(await bulk([{ method: 'POST', path: '/Users', data: newUser() }]), 400, 'invalidSyntax');
      fails(await hr('POST', '/Bulk', { schemas: [urns.patch], Operations: [] }), 400, 'invalidSyntax');
    });
  });
});
