import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Answer, type Client, filtered, type ScimHub, startScim, urns } from '#tests/scim/start-scim.ts';

const people = 30_000;

describe('SCIM over 30,000 people', () => {
  let scim: ScimHub;
  let app: Client;
  let nr = 0;

  before(async () => {
    scim = await startScim();
    app = await scim.clientOf('portal');
    const units = Object.values(scim.unit);
    await sql`
      with made as (
        insert into staff (id, version, status, code, name, folded, given_name, username, unit_id, title)
        select gen_random_uuid(), 1, 'active', 'p' || n, 'Nguyễn Văn N' || n, 'nguyen van n' || n, 'N' || n,
          'n' || n || 'nv', (${units}::uuid[])[1 + n % ${units.length}], 'Chuyên viên'
        from generate_series(1, ${people}) n returning id, unit_id)
      insert into position (staff_id, unit_id, title, main) select id, unit_id, 'Chuyên viên', true from made`.execute(
      scim.hub.db,
    );
    await sql`analyze staff, position`.execute(scim.hub.db);
  });
  after(() => scim.stop());

  /** People change and join while others read. */
  const disturb = async (): Promise<void> => {
    const page = await app(
      'GET',
      `/Users?startIndex=${1 + ((nr * 997) % people)}&count=5&attributes=displayName`,
    );
    await scim.hub.call('staff.apply', {
      changes: [
        ...page.body.Resources.map((user: { id: string; displayName: string }) => ({
          origin: `disturb/${++nr}`,
          staffId: user.id,
          record: { name: `${user.displayName.slice(0, 60)} A`, phone: `+849${nr}` },
        })),
        { origin: `disturb/${++nr}`, record: { name: 'Trần Thị Mới', code: `new${nr}` } },
      ],
      source: 'test',
      actor: 'test',
    });
  };

  const known = async (): Promise<string[]> =>
    (await sql<{ id: string }>`select id from staff`.execute(scim.hub.db)).rows.map(({ id }) => id);
  const readAll = async (
    next: (page: { body: { nextCursor?: string }; read: number }) => string | undefined,
  ) => {
    const seen: string[] = [];
    let path: string | undefined = next({ body: {}, read: -1 });
    for (let page = 0; path !== undefined; page += 1) {
      const { status, body } = await app('GET', path);
      assert.equal(status, 200);
      seen.push(...body.Resources.map(({ id }: { id: string }) => id));
      if (page % 8 === 0) await disturb();
      path = body.Resources.length === 0 ? undefined : next({ body, read: seen.length });
    }
    return seen;
  };
  const isExactlyOnce = (seen: string[], before: string[]): void => {
    assert.equal(new Set(seen).size, seen.length, 'nobody twice');
    const read = new Set(seen);
    assert.deepEqual(
      before.filter(id => !read.has(id)),
      [],
      'nobody left out',
    );
  };

  it('gives everybody exactly once by number, while people change and join', async () => {
    const before = await known();
    isExactlyOnce(
      await readAll(({ read }) => `/Users?startIndex=${Math.max(read, 0) + 1}&count=500&attributes=userName`),
      before,
    );
  });

  it('gives everybody exactly once by cursor, while people change and join', async () => {
    const before = await known();
    const pages = ({ body, read }: { body: { nextCursor?: string }; read: number }) =>
      read === -1
        ? '/Users?cursor=&count=500&attributes=userName'
        : body.nextCursor && `/Users?cursor=${body.nextCursor}&count=500&attributes=userName`;
    isExactlyOnce(await readAll(pages), before);
  });

  it('goes through the orders by user name, family name, given name and id without loss', async () => {
    const filter = `filter=${encodeURIComponent('userName co "77"')}&attributes=userName`;
    const total: number = (await app('GET', `/Users?${filter}&count=0`)).body.totalResults;
    assert.ok(total > 500);
    for (const order of ['userName', 'name.familyName', 'name.givenName', 'id', 'meta.lastModified']) {
      const seen = new Set<string>();
      let path: string | undefined = '';
      while (path !== undefined) {
        const { body }: Answer = await app(
          'GET',
          `/Users?${filter}&sortBy=${order}&sortOrder=descending&count=100&cursor=${path}`,
        );
        for (const { id } of body.Resources) seen.add(id);
        path = body.nextCursor;
      }
      assert.equal(seen.size, total, order);
    }
  });

  it('uses an index for what clients look people up by', async () => {
    const { compileCondition } = await import('#hub/staff/staff-condition-store.ts');
    const test = (field: string, value: string) => ({ test: { field, op: 'eq', value } }) as never;
    const conditions = {
      id: { field: 'id', in: [(await known())[0]!] } as never,
      userName: test('username', 'N77NV'),
      employeeNumber: test('code', 'P77'),
      displayName: test('name', 'nguyễn văn n77'),
      'emails.value': test('email', 'n77@example.com'),
      'groups.value': { post: test('unitId', scim.unit['474']!) } as never,
      'meta.lastModified': { test: { field: 'updatedAt', op: 'gt', value: '2999-01-01T00:00:00Z' } } as never,
    };
    for (const [name, condition] of Object.entries(conditions)) {
      const { rows } = await sql<{
        'QUERY PLAN': string;
      }>`explain select * from staff s where ${compileCondition(condition)}`.execute(scim.hub.db);
      const plan = rows.map(row => row['QUERY PLAN']).join('\n');
      assert.doesNotMatch(plan, /Seq Scan on staff s\n?.*Filter/, `${name}:\n${plan}`);
      assert.match(plan, /Index/, `${name}:\n${plan}`);
    }
  });

  it('finds one of them, and the units of one, by every key', async () => {
    const [user] = (await app('GET', filtered('userName eq "n777nv"'))).body.Resources;
    for (const filter of [
      `id eq "${user.id}"`,
      `${urns.enterprise}:employeeNumber eq "P777"`,
      'displayName eq "NGUYỄN VĂN N777"',
      'userName eq "N777NV"',
    ]) {
      const { body } = await app('GET', filtered(filter));
      assert.deepEqual(
        body.Resources.map(({ id }: { id: string }) => id),
        [user.id],
        filter,
      );
    }
    const groups = await app('GET', `/Groups?filter=${encodeURIComponent(`members.value eq "${user.id}"`)}`);
    assert.deepEqual(
      groups.body.Resources.map(({ id }: { id: string }) => id),
      [user.groups[0].value],
    );
    assert.equal(groups.body.Resources[0].members, undefined);
  });
});
