import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ConnectorSetupError } from '#connectors/kit/connector-folder.ts';
import type { ConnectorError } from '#connectors/kit/errors.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import { type AppAnswer, type AppRequest, type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { Oddities } from '#sandbox/scim/oddities.ts';
import { basePath, createScim, type ScimStart, tokenPath } from '#sandbox/scim/scim.ts';
import { enterprise, own } from '#sandbox/scim/user.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';

const context = () => ({ signal: AbortSignal.timeout(5000) });
const client = { clientId: 'lien-thong', clientSecret: 'secret-of-the-provider' };
const token = 'token-of-the-provider';
const usersPath = `${basePath}/Users`;
const person: DesiredAccount = {
  staffId: randomUUID(),
  enabled: true,
  code: 'H57.999',
  username: 'ha.tt',
  name: 'Trần Thị Thu Hà',
  email: 'ha.tt@hue.gov.vn',
  phone: '0912000111',
  unitName: 'Sở Nội vụ',
  title: 'Chuyên viên',
};

interface Sent {
  call: string;
  body: Record<string, unknown>;
  headers: AppRequest['headers'];
}
type Users = Record<string, unknown>[];
interface StoredUser extends Record<string, unknown> {
  name?: Record<string, string>;
  [enterprise]?: Record<string, string>;
}

describe('the connector for SCIM 2.0', () => {
  let app: RunningApp;
  let accounts: AccountsPort;
  let ping: () => Promise<void>;
  let sent: Sent[];
  /** Does something to the provider in its own words, as another client would. */
  let other: (method: string, path: string, body?: unknown) => Promise<Response>;
  /** May answer a call in the provider's stead. */
  let intrude: (request: AppRequest) => AppAnswer | undefined | Promise<AppAnswer | undefined>;

  const load = async (settings: Record<string, unknown>) => {
    const all = { baseUrl: `${app.origin}${basePath}/`, token, ...settings };
    const { instance } = await loadConnector('scim', all);
    accounts = instance.ports.accounts!;
    ping = () => instance.ping(context());
  };
  const start = async (options: Partial<ScimStart> = {}, settings: Record<string, unknown> = {}) => {
    const provider = createScim({
      accounts: contractAccounts(25),
      credentials: { ...client, token },
      ...options,
    });
    app = await serveApp({
      ...provider,
      async handle(request) {
        const isOurs = request.headers['x-other'] === undefined;
        if (isOurs)
          sent.push({
            call: `${request.method} ${request.path}`,
            body: request.body.startsWith('{') ? JSON.parse(request.body) : {},
            headers: request.headers,
          });
        return (isOurs ? await intrude(request) : undefined) ?? provider.handle(request);
      },
    });
    await load(settings);
  };
  const oddly = (oddities: Oddities, settings = {}) => start({ oddities }, settings);
  const stop = async () => {
    await app?.stop();
  };

  beforeEach(() => {
    sent = [];
    intrude = () => undefined;
    other = (method, path, body) =>
      fetch(app.origin + usersPath + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'x-other': 'yes' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
  });
  afterEach(stop);

  const upsert = (change: Partial<DesiredAccount> = {}) =>
    accounts.upsert({ ...person, ...change }, context());
  const stored = async (id: string) => (await (await other('GET', `/${id}`)).json()) as StoredUser;
  const held = async () => (await (await fetch(`${app.origin}/_state/accounts`)).json()) as Users;
  const writes = () => sent.filter(({ call }) => !call.startsWith('GET'));
  const listAll = async (limit: number): Promise<AppAccount[]> => {
    const all: AppAccount[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await accounts.list({ limit, ...(cursor === undefined ? {} : { cursor }) }, context());
      all.push(...page.items);
      cursor = page.next;
      if (cursor === undefined) return all;
      assert.ok(all.length <= 100, 'the listing ends');
    }
  };
  const everybodyOnce = async (limit: number) => {
    const listed = await listAll(limit);
    assert.deepEqual(
      listed.map(account => account.externalId),
      (await held()).map(account => account.externalId),
    );
    return listed;
  };
  const patch = (path: string, value: unknown) => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path, value }],
  });

  describe('with providers that depart from the RFCs', () => {
    const odd: Record<string, Oddities> = {
      'none at all': {},
      '`active` as "True" and "False"': { textActive: true },
      'no `meta` and no ETag': { noMeta: true },
      'no `Resources` in an empty list': { noEmptyResources: true },
      '200 instead of 201': { plainOk: true },
      '204 after PATCH and nothing after POST': { silent: true },
      'names in another case': { otherCase: true },
      'all of it': { textActive: true, noMeta: true, noEmptyResources: true, plainOk: true, otherCase: true },
    };
    for (const [what, oddities] of Object.entries(odd))
      for (const update of ['patch', 'put'])
        it(`creates, finds, changes, closes and opens an account: ${what}, by ${update}`, async () => {
          await oddly(oddities, { update });
          await ping();
          const made = await upsert();
          assert.deepEqual(made.values, {
            code: 'H57.999',
            username: 'ha.tt',
            name: 'Trần Thị Thu Hà',
            email: 'ha.tt@hue.gov.vn',
            phone: '0912000111',
            unitName: 'Sở Nội vụ',
            title: 'Chuyên viên',
          });
          assert.equal(made.enabled, true);
          assert.deepEqual(await upsert(), made, 'it is found by its code');
          const changed = await upsert({ externalId: made.externalId, title: 'Giám đốc', phone: '' });
          assert.deepEqual([changed.values.title, changed.values.phone], ['Giám đốc', undefined]);
          assert.equal((await accounts.disable({ externalId: made.externalId }, context())).enabled, false);
          assert.equal((await accounts.get(made.externalId, context()))?.enabled, false);
          assert.equal((await upsert()).enabled, true);
          const listed = await everybodyOnce(7);
          assert.equal(listed.filter(account => !account.enabled).length, 2);
        });

    it('takes an account without `active` for an open one', async () => {
      await start();
      intrude = () => ({ json: { id: '7', userName: 'ha.tt', externalId: null } });
      assert.deepEqual(await accounts.get('7', context()), {
        externalId: '7',
        enabled: true,
        values: { username: 'ha.tt' },
      });
    });

    it('keeps the parts of a name and of what a provider keeps of it reads it back family name first', async () => {
      await start();
      const { externalId } = await upsert();
      assert.deepEqual((await stored(externalId)).name, {
        formatted: 'Trần Thị Thu Hà',
        familyName: 'Trần',
        middleName: 'Thị Thu',
        givenName: 'Hà',
      });
      intrude = async request => {
        if (request.method !== 'GET' || !request.path.endsWith(externalId)) return undefined;
        const { displayName: _gone, ...user } = await stored(externalId);
        return { json: { ...user, name: { ...user.name, formatted: 'Hà Thị Thu Trần' } } };
      };
      assert.equal((await accounts.get(externalId, context()))?.values.name, 'Trần Thị Thu Hà');
    });
  });

  describe('listing', () => {
    for (const [what, total] of Object.entries({
      'the size of the page': (_all: number, onPage: number) => onPage,
      nothing: () => 0,
      'more than there are': (all: number) => all + 1000,
    }))
      it(`shows everybody once when the total tells ${what}`, async () => {
        await oddly({ total, noEmptyResources: true });
        for (const limit of [1, 5, 7, 25, 100]) await everybodyOnce(limit);
      });

    it('goes on by what it got when pages are shorter than asked for', async () => {
      await oddly({ shortPages: 4 });
      await everybodyOnce(10);
    });

    it('follows cursors where the provider declares them (RFC 9865)', async () => {
      await start({ paging: 'cursor' });
      for (const limit of [1, 5, 25, 100]) await everybodyOnce(limit);
      await upsert();
      assert.equal((await upsert()).values.code, 'H57.999');
    });

    it('asks for no more than the page size of the settings', async () => {
      await start({}, { pageSize: 3 });
      assert.equal((await accounts.list({ limit: 100 }, context())).items.length, 3);
      await everybodyOnce(100);
    });

    it('takes everybody at once from a provider that does not page at all', async () => {
      await oddly({ ignoresPaging: true });
      for (const limit of [1, 7, 100]) await everybodyOnce(limit);
    });

    it('is ended, not repeated for ever, by a provider that does not heed `startIndex`', async () => {
      await oddly({ ignoresStart: true });
      await assert.rejects(listAll(5), { code: 'unexpected-answer' });
    });

    it('never takes an answer for nobody that is no list, or a list that hides its accounts', async () => {
      await start();
      for (const json of [{}, { error: 'maintenance' }, { totalResults: 25 }, { Resources: {} }, []]) {
        intrude = ({ path }) => (path === usersPath ? { json } : undefined);
        await assert.rejects(accounts.list({ limit: 5 }, context()), { code: 'unexpected-answer' });
      }
    });

    it('works where there is no ServiceProviderConfig, and asks again for one that could not be had', async () => {
      await start();
      const isConfig = ({ path }: AppRequest) => path.endsWith('/ServiceProviderConfig');
      intrude = request => (isConfig(request) ? { status: 500 } : undefined);
      await assert.rejects(accounts.list({ limit: 5 }, context()), { code: 'unavailable' });
      intrude = request => (isConfig(request) ? { status: 404 } : undefined);
      await everybodyOnce(10);
    });
  });

  describe('finding by staff code', () => {
    const hostile = [
      'X" or userName pr or externalId eq "',
      'X\\',
      'X\\" or id pr',
      'X"\\u0022',
      "X' OR 1=1 --",
      'X %20+&count=1#?/../',
      'Xẵng Đỗ 🏛',
      'X\n\t\u0000',
      'X) or (userName pr',
    ];
    for (const codeAt of ['externalId', 'employeeNumber'])
      it(`keeps hostile codes apart, and finds each again (${codeAt})`, async () => {
        await start({}, { codeAt });
        const made = [];
        for (const [index, code] of hostile.entries())
          made.push(await upsert({ code, username: `thu.${index}`, email: `thu.${index}@hue.gov.vn` }));
        for (const [index, code] of hostile.entries()) {
          const again = await upsert({ code, username: `thu.${index}`, email: `thu.${index}@hue.gov.vn` });
          assert.deepEqual(again, made[index]);
          assert.equal(again.values.code, code);
        }
        assert.equal((await held()).length, 25 + hostile.length);
      });

    it('finds out a provider that does not heed the filter, and writes nothing', async () => {
      await oddly({ ignoresFilter: true });
      await assert.rejects(upsert(), { code: 'unexpected-answer' });
      await assert.rejects(accounts.disable({ externalId: 'u-0', code: 'H57.999' }, context()), {
        code: 'unexpected-answer',
      });
      assert.deepEqual(writes(), []);
    });

    it('tells by a ping which setting is wrong when accounts are not found by their code', async () => {
      await oddly({ filtersCoreOnly: true }, { codeAt: 'employeeNumber' });
      await assert.rejects(ping(), { code: 'refused', message: /employeeNumber.*"codeAt"/ });
      await load({ codeAt: 'externalId' });
      await ping();
    });

    it('makes nobody twice where accounts are not found by their code', async () => {
      await oddly({ filtersCoreOnly: true }, { codeAt: 'employeeNumber' });
      const made = await upsert();
      assert.deepEqual(await upsert({ title: 'Giám đốc' }), {
        ...made,
        values: { ...made.values, title: 'Giám đốc' },
      });
      await assert.rejects(upsert({ code: 'H57.888' }), { code: 'conflict' });
    });

    it('leaves a code that differs only by case to whom it belongs', async () => {
      await start();
      const { externalId } = await upsert({ code: 'h57.ABC' });
      intrude = async ({ query }) =>
        query.has('filter')
          ? { json: { totalResults: 1, Resources: [await stored(externalId)] } }
          : undefined;
      const another = await upsert({ code: 'H57.abc', username: 'khac', email: 'khac@hue.gov.vn' });
      assert.notEqual(another.externalId, externalId);
    });

    it('says conflict when two accounts hold the code: writing to either would be a guess', async () => {
      await start();
      await upsert();
      await other('POST', '', { schemas: [], userName: 'ke.trung', externalId: person.code });
      sent = [];
      await assert.rejects(upsert(), { code: 'conflict' });
      assert.deepEqual(writes(), []);
    });

    it('keeps the code where the settings say, and the register’s id beside it', async () => {
      await start({}, { codeAt: 'employeeNumber', externalId: 'staffId' });
      const { externalId, values } = await upsert();
      const user = await stored(externalId);
      assert.deepEqual(
        [user.externalId, user[enterprise]?.employeeNumber, values.code],
        [person.staffId, person.code, person.code],
      );
      assert.equal((await upsert()).externalId, externalId);
    });

    it('can have the code for the user name', async () => {
      await start({}, { codeAt: 'userName' });
      const made = await upsert({ code: 'H57.a"b' });
      assert.equal((await stored(made.externalId)).userName, 'H57.a"b');
      assert.deepEqual([made.values.code, made.values.username], ['H57.a"b', 'H57.a"b']);
      assert.deepEqual(await upsert({ code: 'H57.a"b' }), made);
    });

    it('writes user names as addresses when the app wants them so, and reads them back short', async () => {
      await start({}, { userNameForm: 'address', userNameDomain: 'Hue.gov.vn' });
      const made = await upsert();
      assert.equal((await stored(made.externalId)).userName, 'ha.tt@Hue.gov.vn');
      assert.equal(made.values.username, 'ha.tt');
      await other('PATCH', `/${made.externalId}`, patch('userName', 'ha.tt@hue.gov.vn'));
      sent = [];
      assert.equal((await upsert({ externalId: made.externalId })).values.username, 'ha.tt');
      assert.deepEqual(writes(), [], 'case alone is no difference');
    });
  });

  describe('writing', () => {
    it('sends what differs and nothing else, and nothing at all when nothing does', async () => {
      await start();
      const { externalId } = await upsert();
      sent = [];
      await upsert({ externalId });
      assert.deepEqual(writes(), []);
      await upsert({ externalId, title: 'Giám đốc', phone: '', unitName: '', name: 'Trần Hà' });
      assert.deepEqual(
        writes().map(({ body }) => body.Operations),
        [
          [
            { op: 'replace', path: 'displayName', value: 'Trần Hà' },
            { op: 'replace', path: 'name.formatted', value: 'Trần Hà' },
            { op: 'remove', path: 'name.middleName' },
            { op: 'remove', path: 'phoneNumbers' },
            { op: 'replace', path: 'title', value: 'Giám đốc' },
            { op: 'remove', path: `${enterprise}:department` },
          ],
        ],
      );
      assert.equal(writes()[0]!.headers['content-type'], 'application/scim+json');
      sent = [];
      await accounts.disable({ externalId }, context());
      await accounts.disable({ externalId }, context());
      assert.deepEqual(
        writes().map(({ body }) => body.Operations),
        [[{ op: 'replace', path: 'active', value: false }]],
      );
    });

    for (const update of ['patch', 'put'])
      it(`leaves alone what is not its own: private addresses, nicknames, extensions (${update})`, async () => {
        await start({}, { update });
        const { externalId } = await upsert();
        const home = { value: 'ha@nha.vn', type: 'home' };
        await other(
          'PATCH',
          `/${externalId}`,
          patch('emails', [home, { value: 'cu@hue.gov.vn', type: 'work' }]),
        );
        await other('PATCH', `/${externalId}`, patch('nickName', 'Hà còi'));
        await other('PATCH', `/${externalId}`, patch(`${own}:rank`, '01.003'));
        await upsert({ externalId });
        const after = await stored(externalId);
        assert.deepEqual(after.emails, [home, { value: person.email, type: 'work' }]);
        const emptied = await upsert({ externalId, email: '' });
        assert.equal(emptied.values.email, undefined, 'the private address is not told as ours');
        const user = await stored(externalId);
        assert.deepEqual([user.emails, user.nickName, user[own]], [[home], 'Hà còi', { rank: '01.003' }]);
      });

    it('puts whole users where the app takes no PATCH, and says so when it is told otherwise', async () => {
      await start({ patch: false }, { update: 'put' });
      const { externalId } = await upsert();
      sent = [];
      await upsert({ externalId, title: 'Giám đốc' });
      const [put] = writes();
      assert.equal(put!.call, `PUT ${usersPath}/${externalId}`);
      assert.deepEqual([put!.body.title, put!.body.meta], ['Giám đốc', undefined]);
      await load({ update: 'patch' });
      await assert.rejects(ping(), { code: 'refused', message: /"update" must be "put"/ });
    });

    for (const update of ['patch', 'put'])
      it(`reads again and repeats once when somebody else was faster (${update})`, async () => {
        await start({}, { update });
        const { externalId } = await upsert();
        let races = 1;
        intrude = async ({ method }) => {
          if (!['PATCH', 'PUT'].includes(method) || races === 0) return undefined;
          races -= 1;
          await other('PATCH', `/${externalId}`, patch('nickName', 'Hà còi'));
          return undefined;
        };
        sent = [];
        const changed = await upsert({ externalId, title: 'Giám đốc' });
        assert.equal(changed.values.title, 'Giám đốc');
        assert.equal((await stored(externalId)).nickName, 'Hà còi');
        assert.deepEqual(
          writes().map(({ headers }) => headers['if-match']),
          ['W/"1"', 'W/"2"'],
        );
      });

    it('says unavailable when it is too late twice', async () => {
      await start();
      const { externalId } = await upsert();
      intrude = ({ method }) => (method === 'PATCH' ? { status: 412 } : undefined);
      sent = [];
      await assert.rejects(upsert({ externalId, title: 'Khác' }), { code: 'unavailable', vendorCode: '412' });
      assert.equal(writes().length, 2);
    });

    it('sends no condition that is none: a bare word in `meta.version`', async () => {
      await start();
      const { externalId } = await upsert();
      intrude = async ({ method, path }) => {
        if (method !== 'GET' || !path.endsWith(externalId)) return undefined;
        return { json: { ...(await stored(externalId)), meta: { version: 'v 1\r\nx: y' } } };
      };
      sent = [];
      await upsert({ externalId, title: 'Khác' });
      assert.equal(writes()[0]!.headers['if-match'], undefined);
    });

    it('writes values of the IT centre’s own mapping by their paths, never over keys and state', async () => {
      await start();
      const extra = {
        [`${own}:rank`]: '01.003',
        [`${own}:grade`]: '3',
        nickName: 'Hà',
        title: 'Chuyên viên – Sở Nội vụ',
        externalId: 'X',
        'urn:ietf:params:scim:schemas:core:2.0:User:userName': 'X',
        ACTIVE: 'false',
        id: 'X',
        password: 'X',
        emails: 'X',
      };
      const made = await upsert({ extra });
      assert.deepEqual((await stored(made.externalId))[own], { rank: '01.003', grade: '3' });
      assert.deepEqual((sent.at(-1)!.body.schemas as string[]).includes(own), true);
      assert.deepEqual(
        [made.values.code, made.values.username, made.values.title, made.enabled],
        [person.code, person.username, 'Chuyên viên – Sở Nội vụ', true],
      );
      sent = [];
      await upsert({ externalId: made.externalId, extra });
      assert.deepEqual(writes(), []);
      await upsert({ externalId: made.externalId, extra: { ...extra, [`${own}:grade`]: '' } });
      assert.deepEqual((await stored(made.externalId))[own], { rank: '01.003' });
      for (const name of ['emails[type eq "x"].value', 'a b', '__proto__', 'x.y.z'])
        await assert.rejects(upsert({ extra: { [name]: 'X' } }), { code: 'refused' });
    });
  });

  describe('a closed account that the provider hides from the filter', () => {
    const closeAndHide = async () => {
      await oddly({ hidesClosed: true });
      const { externalId } = await upsert();
      await accounts.disable({ externalId }, context());
      return externalId;
    };

    it('is opened again instead of refused with 409', async () => {
      const externalId = await closeAndHide();
      const back = await upsert({ title: 'Giám đốc' });
      assert.deepEqual([back.externalId, back.enabled, back.values.title], [externalId, true, 'Giám đốc']);
      assert.equal((await held()).length, 26);
    });

    it('is opened again when it has lost its key', async () => {
      const externalId = await closeAndHide();
      await other('PATCH', `/${externalId}`, patch('externalId', ''));
      const back = await upsert();
      assert.deepEqual([back.externalId, back.values.code], [externalId, person.code]);
    });

    it('is left alone when it holds the code of somebody else', async () => {
      const externalId = await closeAndHide();
      await assert.rejects(upsert({ code: 'H57.888' }), { code: 'conflict', vendorCode: 'uniqueness' });
      assert.equal((await stored(externalId)).active, false);
    });

    it('and an open one that lost its key stays a conflict: a person decides', async () => {
      await start();
      const { externalId } = await upsert();
      await other('PATCH', `/${externalId}`, patch('externalId', ''));
      await assert.rejects(upsert(), { code: 'conflict' });
    });
  });

  describe('faults', () => {
    const error = (status: number, scimType?: string, headers?: Record<string, string>): AppAnswer => ({
      status,
      ...(headers === undefined ? {} : { headers }),
      json: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: String(status),
        scimType,
        detail: 'Trần Thị Hà',
      },
    });
    const cases: [AppAnswer, code: string, vendorCode: string][] = [
      [error(400, 'invalidValue'), 'refused', 'invalidValue'],
      [error(400, 'mutability'), 'refused', 'mutability'],
      [error(400, 'INVALIDPATH'), 'refused', 'INVALIDPATH'],
      [error(400), 'refused', '400'],
      [error(400, 'uniqueness'), 'conflict', 'uniqueness'],
      [error(409, 'uniqueness'), 'conflict', 'uniqueness'],
      [error(409), 'conflict', '409'],
      [{ status: 409 }, 'conflict', '409'],
      [error(400, 'tooMany', { 'retry-after': '7' }), 'rate-limited', 'tooMany'],
      [{ status: 429, headers: { 'retry-after': '7' } }, 'rate-limited', '429'],
      [error(401), 'unauthorised', '401'],
      [error(403), 'unauthorised', '403'],
      [error(413), 'refused', '413'],
      [error(422, 'Trần Thị Hà <ha@hue.gov.vn>'), 'refused', '422'],
      [error(500), 'unavailable', '500'],
      [error(503), 'unavailable', '503'],
      [error(501), 'unavailable', '501'],
    ];
    for (const [answer, code, vendorCode] of cases)
      it(`${answer.status} ${(answer.json as { scimType?: string })?.scimType ?? ''} is ${code}`, async () => {
        await start();
        const { externalId } = await upsert();
        intrude = ({ method }) => (method === 'GET' ? undefined : answer);
        for (const work of [
          () => upsert({ externalId, title: 'Khác' }),
          () => upsert({ code: 'H57.777', username: 'moi', email: 'moi@hue.gov.vn' }),
        ])
          await assert.rejects(work(), (fault: ConnectorError) => {
            assert.deepEqual([fault.code, fault.vendorCode], [code, vendorCode]);
            assert.doesNotMatch(`${fault.message} ${fault.vendorCode}`, /Trần|hue\.gov/);
            if (code === 'rate-limited') assert.equal(fault.retryAfterMs, 7000);
            return true;
          });
      });

    it('an account that vanishes while it is written is made anew, and cannot be closed', async () => {
      await start();
      const { externalId } = await upsert();
      intrude = ({ method, query }) => {
        if (method === 'PATCH') return error(404);
        return query.has('filter') ? { json: { totalResults: 0 } } : undefined;
      };
      await assert.rejects(accounts.disable({ externalId, code: person.code }, context()), {
        code: 'not-found',
      });
      const anew = await upsert({ externalId, username: 'ha.tt2', title: 'Khác' });
      assert.notEqual(anew.externalId, externalId);
    });

    it('a 404 that is an error page, and one where users must be, is a wrong address: nobody is made', async () => {
      await start();
      for (const [base, code] of [
        ['/nowhere', 'unexpected-answer'],
        [`${basePath}/Groups`, 'unexpected-answer'],
      ]) {
        await load({ baseUrl: app.origin + base });
        for (const work of [
          () => upsert({ externalId: '1000' }),
          () => upsert(),
          () => accounts.list({ limit: 1 }, context()),
          () => ping(),
        ])
          await assert.rejects(work(), { code });
      }
      assert.deepEqual(writes(), []);
    });

    it('a user without an id, or with an impossible state, is named by the place and never by the value', async () => {
      await start();
      for (const user of [
        { userName: 'Trần' },
        { id: '..' },
        { id: '1', active: 'Trần' },
        { id: '1', name: 'Trần' },
      ]) {
        intrude = () => ({ json: user });
        await assert.rejects(accounts.get('1', context()), (fault: ConnectorError) => {
          assert.equal(fault.code, 'unexpected-answer');
          assert.doesNotMatch(fault.message, /Trần/);
          return true;
        });
      }
    });
  });

  describe('signing in', () => {
    it('by bearer token, by name and password, by OAuth 2 client credentials', async () => {
      await start();
      const basic = { user: client.clientId, password: client.clientSecret };
      for (const settings of [
        { auth: 'bearer', token },
        { auth: 'basic', ...basic },
        { auth: 'oauth', tokenUrl: app.origin + tokenPath, ...client },
      ]) {
        await load(settings);
        await ping();
        await everybodyOnce(10);
      }
      assert.equal(sent.filter(({ call }) => call.endsWith(tokenPath)).length, 1);
    });

    it('is proven by a ping though the provider’s configuration is open to everybody', async () => {
      await start({}, { token: 'another-token' });
      await assert.rejects(ping(), { code: 'unauthorised' });
    });

    it('names the settings that a way needs, and those that contradict each other', async () => {
      const fieldsOf = async (settings: Record<string, unknown>) => {
        try {
          await loadConnector('scim', { baseUrl: 'https://app.test/scim/v2', ...settings });
        } catch (error) {
          assert.ok(error instanceof ConnectorSetupError);
          return error.fields.filter(field => field !== '').sort();
        }
        return [];
      };
      assert.deepEqual(await fieldsOf({}), ['/token']);
      assert.deepEqual(await fieldsOf({ auth: 'oauth' }), ['/clientId', '/clientSecret', '/tokenUrl']);
      assert.deepEqual(await fieldsOf({ auth: 'basic' }), ['/password', '/user']);
      assert.deepEqual(await fieldsOf({ token, externalId: 'staffId' }), ['/externalId']);
      assert.deepEqual(await fieldsOf({ token, externalId: 'staffId', codeAt: 'employeeNumber' }), []);
      assert.deepEqual(await fieldsOf({ token, userNameForm: 'address' }), ['/userNameDomain']);
    });
  });
});
