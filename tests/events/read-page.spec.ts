import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Entitlement } from '#schemas/app.ts';
import {
  type EventsGateway,
  fact,
  type Page,
  person,
  staffFact,
  startEventsGateway,
  unitIds,
} from '#tests/events/events-gateway.ts';

describe('Pages of the event log', () => {
  let gateway: EventsGateway;
  let admin: string;
  /** The end of the log when the test began. */
  let from: string;
  const tokens: Record<string, string> = {};
  before(async () => {
    gateway = await startEventsGateway();
    admin = await gateway.token(undefined, 'admin');
    const office = { attributes: ['name', 'unitId', 'title'], unitIds: [unitIds.office] };
    const apps: Record<string, Partial<Entitlement>> = {
      basic: { attributes: ['name', 'code'] },
      payroll: { attributes: ['name', 'rank', 'grade', 'coefficient'] },
      'units-only': { attributes: ['name'], eventTypes: ['unit.created'] },
      office,
    };
    for (const [app, entitlement] of Object.entries(apps)) {
      await gateway.putApp(app, entitlement);
      tokens[app] = await gateway.token(app, 'events.read');
    }
    await gateway.putApp('off', {}, false);
    await gateway.known(tokens.office!);
  });
  after(() => gateway.stop());
  beforeEach(async () => {
    from = (await gateway.ask('GET', '/api/v1/events?after=latest', admin)).body.next;
  });

  const versions = (page: { items: { sequence: string }[] }) =>
    page.items.map(({ sequence }) => Number(sequence));

  it('tell facts as CloudEvents in order, without who did it', async () => {
    const id = randomUUID();
    await gateway.write(staffFact('staff.joined', id, 1), staffFact('staff.updated', id, 2, { changed: [] }));
    const { body } = await gateway.ask('GET', `/api/v1/events?after=${from}`, admin);
    assert.deepEqual(versions(body), [1, 2]);
    const [first] = body.items;
    assert.equal(first!.specversion, '1.0');
    assert.equal(first!.type, 'vn.lienthong.staff.joined.v1');
    assert.equal(first!.subject, `staff/${id}`);
    assert.equal(first!.partitionkey, `staff/${id}`);
    assert.equal(first!.source, '/lienthong/hr');
    assert.ok(!JSON.stringify(body).includes('secret-actor'));
  });

  it('go on from next without loss or repeat, and an empty page has next too', async () => {
    const id = randomUUID();
    for (let version = 1; version <= 7; version++)
      await gateway.write(staffFact('staff.updated', id, version));
    const seen: number[] = [];
    let next = from;
    let more: boolean | undefined = true;
    while (more) {
      const { body } = await gateway.ask<Page>('GET', `/api/v1/events?limit=3&after=${next}`, admin);
      seen.push(...versions(body));
      ({ next, more } = body);
    }
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7]);
    const empty = await gateway.ask('GET', `/api/v1/events?after=${next}`, admin);
    assert.deepEqual(empty.body.items, []);
    await gateway.write(staffFact('staff.updated', id, 8));
    const page = await gateway.ask('GET', `/api/v1/events?after=${empty.body.next}`, admin);
    assert.deepEqual(versions(page.body), [8]);
  });

  it('begin at the beginning, now, or at a time', async () => {
    const id = randomUUID();
    await gateway.write(staffFact('staff.updated', id, 1));
    const written = Date.now();
    await waitUntil('a later millisecond', () => Date.now() > written + 1, { withinMs: 1000, everyMs: 1 });
    const between = new Date().toISOString();
    const latest = await gateway.ask('GET', '/api/v1/events?after=latest', admin);
    assert.deepEqual(latest.body.items, []);
    await gateway.write(staffFact('staff.updated', id, 2));
    for (const [after, expected] of [
      ['beginning', [1, 2]],
      [between, [2]],
      ['2020-01-01T00:00:00%2B07:00', [1, 2]],
      [latest.body.next, [2]],
    ] as const) {
      const { body } = await gateway.ask('GET', `/api/v1/events?subject=staff/${id}&after=${after}`, admin);
      assert.deepEqual(versions(body), expected, after);
    }
    // Of a time to come: what is there is not of it.
    const later = await gateway.ask('GET', '/api/v1/events?after=2100-01-01T00:00:00Z', admin);
    assert.deepEqual(later.body.items, []);
  });

  it('hold only the types and the subject that are asked for', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await gateway.write(staffFact('staff.joined', a), staffFact('staff.joined', b));
    await gateway.write(
      staffFact('salary.changed', a, 2),
      fact('unit.created', 'unit/x', 1, { unitId: 'x' }),
    );
    const types = async (query: string) =>
      (await gateway.ask('GET', `/api/v1/events?after=${from}&${query}`, admin)).body.items.map(item =>
        item.type.replace(/^vn\.lienthong\.|\.v1$/g, ''),
      );
    assert.deepEqual(await types('types=salary.changed,vn.lienthong.unit.created.v1'), [
      'salary.changed',
      'unit.created',
    ]);
    assert.deepEqual(await types(`subject=staff/${a}`), ['staff.joined', 'salary.changed']);
    assert.deepEqual(await types(`subject=staff/${a}&types=staff.joined`), ['staff.joined']);
    const first = await gateway.ask('GET', `/api/v1/events?subject=staff/${a}&limit=1`, admin);
    assert.equal(first.body.more, true);
    const second = await gateway.ask(
      'GET',
      `/api/v1/events?subject=staff/${a}&after=${first.body.next}`,
      admin,
    );
    assert.deepEqual(versions(second.body), [2]);
  });

  it('end after 5,000 facts that the reader may not see, tell that more follows, and do not return to them', async () => {
    const token = tokens['units-only'];
    const id = randomUUID();
    const hidden = Array.from({ length: 5100 }, (_, nr) => staffFact('staff.updated', id, nr + 1));
    await gateway.write(...hidden, fact('unit.created', 'unit/x', 1, { unitId: 'x' }));
    const first = await gateway.ask('GET', `/api/v1/events?after=${from}`, token);
    assert.deepEqual([first.body.items, first.body.more], [[], true]);
    const second = await gateway.ask('GET', `/api/v1/events?after=${first.body.next}`, token);
    assert.equal(second.body.items.length, 1);
    assert.equal(second.body.more, undefined);
  });

  it('wait for a fact when asked to, and no longer than that', async () => {
    const id = randomUUID();
    await gateway.write(staffFact('staff.updated', id, 1));
    const latest = await gateway.ask('GET', '/api/v1/events?after=latest', admin);
    const waiting = gateway.ask('GET', `/api/v1/events?wait=30&after=${latest.body.next}`, admin);
    await gateway.write(staffFact('staff.updated', id, 2));
    assert.deepEqual(versions((await waiting).body), [2]);
    const inVain = await gateway.ask('GET', '/api/v1/events?wait=0.1&after=latest', admin);
    assert.deepEqual(inVain.body.items, []);
  });

  it('wait only for what the reader may see', async () => {
    const token = tokens.basic;
    const id = randomUUID();
    const latest = await gateway.ask('GET', '/api/v1/events?after=latest', token);
    const waiting = gateway.ask('GET', `/api/v1/events?wait=30&after=${latest.body.next}`, token);
    for (let version = 1; version < 4; version++)
      await gateway.write(staffFact('salary.changed', id, version));
    await gateway.write(staffFact('staff.updated', id, 4, { changed: ['name'] }));
    assert.deepEqual(versions((await waiting).body), [4]);
  });

  describe('for an app', () => {
    let id: string;
    beforeEach(() => {
      id = randomUUID();
    });
    const everything = () => [
      staffFact('staff.joined', id, 1),
      staffFact('salary.changed', id, 2, { changed: ['salary'] }),
      staffFact('discipline.recorded', id, 3, { changed: ['disciplines'] }),
      staffFact('staff.updated', id, 4, { changed: ['phone', 'name'] }),
      staffFact('staff.updated', id, 5, { changed: ['phone'] }),
      fact('account.created', `account/other-app/${id}`, 1, { app: 'other-app', staffId: id }),
      fact('account.created', `account/basic/${id}`, 1, { app: 'basic', staffId: id }),
    ];
    const secrets = /\b300\b|01\.003|Khiển trách|0912000111|other-app|salary|discipline|phone|Bằng khen/;

    it('neither name the attributes that it may not see, nor tell the facts of them', async () => {
      const token = tokens.basic!;
      await gateway.write(...everything());
      const { items } = await gateway.readAll(token, '', from);
      assert.deepEqual(
        items.map(item => [item.type, item.subject]),
        [
          ['vn.lienthong.staff.joined.v1', `staff/${id}`],
          ['vn.lienthong.staff.updated.v1', `staff/${id}`],
          ['vn.lienthong.account.created.v1', `account/basic/${id}`],
        ],
      );
      assert.ok(!secrets.test(JSON.stringify(items)), JSON.stringify(items));
      assert.deepEqual(items[1]!.data.changed, ['name']);
    });

    it('show pay only to a token with hr.salary of an app that is entitled to it', async () => {
      await gateway.write(...everything());
      const types = async (...scopes: ('hr.salary' | 'events.read')[]) =>
        (await gateway.readAll(await gateway.token('payroll', ...scopes), '', from)).items.map(
          item => item.type,
        );
      assert.ok((await types('events.read', 'hr.salary')).includes('vn.lienthong.salary.changed.v1'));
      const without = await gateway.readAll(tokens.payroll!, '', from);
      assert.ok(!/300|01\.003|salary/.test(JSON.stringify(without.items)));
    });

    it('tell that a person left its units, and not where to', async () => {
      const token = tokens.office!;
      const [moved, stranger] = [randomUUID(), randomUUID()];
      const away = (who: string, version: number, before: string) =>
        fact('staff.moved', `staff/${who}`, version, {
          staffId: who,
          changed: ['positions'],
          staff: { ...person(who), unitId: unitIds.elsewhere, positions: elsewhere },
          unitsBefore: [before],
        });
      const elsewhere = [
        { unitId: unitIds.elsewhere, unitCode: 'H57.99', unitName: 'Nơi khác', title: 'Bí mật', main: true },
      ];
      await gateway.write(staffFact('staff.joined', moved, 1));
      await gateway.write(away(moved, 2, unitIds.room), away(stranger, 1, unitIds.elsewhere));
      const { items } = await gateway.readAll(token, '', from);
      assert.deepEqual(versions({ items }), [1, 2]);
      assert.deepEqual(items[1]!.data, {
        staffId: moved,
        outOfScope: true,
        staff: { id: moved, version: 1, status: 'active' },
      });
    });

    it('give one fact by its id, or 404 in the same words for none and for one that is hidden', async () => {
      const token = tokens.basic!;
      await gateway.write(...everything());
      const all = (await gateway.readAll(admin, '', from)).items;
      const idOf = (type: string) => all.find(item => item.type.includes(type))!.id;
      const seen = await gateway.ask<{ id: string }>('GET', `/api/v1/events/${idOf('joined')}`, token);
      assert.equal(seen.body.id, idOf('joined'));
      assert.ok(!secrets.test(JSON.stringify(seen.body)));
      const answers = await Promise.all(
        [idOf('discipline'), idOf('salary'), randomUUID()].map(one =>
          gateway.ask('GET', `/api/v1/events/${one}`, token),
        ),
      );
      const words = answers.map(({ status, body: { instance: _, ...rest } }) =>
        JSON.stringify([status, rest]),
      );
      assert.equal(new Set(words).size, 1);
      assert.equal(answers[0]!.body.code, 'unknown-event');
    });
  });

  it('are refused without the scope, to a client of no app, and to an app that is switched off', async () => {
    const cases: [string, number, string][] = [
      [await gateway.token('off', 'hr.read'), 403, 'insufficient-scope'],
      [await gateway.token(undefined, 'events.read'), 403, 'insufficient-scope'],
      [await gateway.token('off', 'events.read'), 404, 'unknown-app'],
    ];
    for (const path of ['', '/stream', `/${randomUUID()}`, '/consumers'])
      for (const [token, status, code] of cases) {
        const answer = await gateway.ask('GET', `/api/v1/events${path}`, token);
        assert.deepEqual([answer.status, answer.body.code], [status, code], path);
      }
  });

  it('answer nonsense with a problem that names the place', async () => {
    const far = Buffer.from(JSON.stringify(['999999999999999999', 1])).toString('base64url');
    const cursors = ['x', '%00', "'; drop table event --", Buffer.from('["1","2"]').toString('base64url')];
    const notCursors = [
      '["-1",2]',
      '["1e9",2]',
      '["1",-2]',
      '[1,2]',
      '{}',
      'null',
      '["1",2,3]',
      '["1",9e16]',
    ];
    for (const key of notCursors) cursors.push(Buffer.from(key).toString('base64url'));
    for (const cursor of cursors)
      for (const path of ['', '/stream']) {
        const url = `/api/v1/events${path}?after=${encodeURIComponent(cursor)}`;
        const { status, body, headers } = await gateway.ask('GET', url, admin);
        assert.equal(status, 400, url);
        assert.match(headers.get('content-type')!, /^application\/problem\+json/);
        assert.deepEqual([body.errors[0]!.pointer, body.errors[0]!.code], ['/after', 'bad-cursor'], url);
        assert.ok(body.errors[0]!.detail.length > 10);
      }
    for (const [query, code] of [
      [`after=${far}`, 'cursor-beyond-log'],
      ['after=2026-13-45T00:00:00Z', 'wrong-time'],
      ['types=staff.joined,staff.gone', 'unknown-event-type'],
      ['types=__proto__', 'unknown-event-type'],
      ['limit=0', 'too-small'],
      ['limit=501', 'too-large'],
      ['wait=31', 'too-large'],
      ['limit=x', 'wrong-type'],
      ['subject=%00', 'bad-text'],
    ]) {
      const { status, body } = await gateway.ask('GET', `/api/v1/events?${query}`, admin);
      assert.deepEqual([status, body.errors[0]!.code], [400, code], query);
    }
    assert.equal((await gateway.ask('GET', '/api/v1/events/not-a-uuid', admin)).status, 400);
    assert.equal((await gateway.ask('POST', '/api/v1/events', admin, {})).status, 405);
  });
});
