import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { openDatabase } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { createHeldKeys } from '#hub/signing/signers/held-keys.ts';
import { closeTicket, recovered } from '#hub/signing/tickets/close-ticket.ts';
import { openTicket } from '#hub/signing/tickets/open-ticket.ts';
import { findTicket } from '#hub/signing/tickets/ticket-store.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, makeFolder } from '#tests/signature/pdf/outside.ts';
import { type PlayedOutside, playOutside } from '#tests/signing/played-outside.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

const both = { instead: 'smartca', to: 'embedded' };

describe('When a signing device is in trouble', () => {
  let signing: SigningHub;
  let outside: PlayedOutside;
  const folder = makeFolder();
  let nr = 0;
  beforeEach(async () => {
    outside = playOutside();
    signing = await startSigning({ outside: (method, input) => outside.invoke(method, input) });
    const { hub, leader, authority } = signing;
    await putRoute({
      ...{ id: 'smartca', name: 'SmartCA', kind: 'connector', connector: 'smartca' },
      priority: 10,
    });
    await hub.call('signing.put-account', {
      routeId: 'smartca',
      staffId: leader,
      userId: 'binh',
      actor: 'test',
    });
    outside.give('binh', authority.issue('Nguyễn Văn Bình'));
  });
  afterEach(async () => {
    await signing.stop();
  });
  after(() => folder.remove());

  const putRoute = (route: {
    id: string;
    name?: string;
    kind: 'connector' | 'embedded';
    connector?: string;
    priority: number;
    rules?: { temporaryDays: number };
  }) => signing.hub.call('signing.put-route', { ...route, enabled: true, actor: 'test' });
  const allowTemporary = () =>
    putRoute({ id: 'embedded', kind: 'embedded', priority: 100, rules: { temporaryDays: 30 } });
  const ask = async (): Promise<string> => {
    const { id } = await receiveRequest(
      { ...signing.hub.context, workers: sharedWorkers },
      {
        input: {
          ...{ documentId: `VB-${++nr}`, title: 'Tờ trình', fileName: 'to-trinh.pdf' },
          steps: [{ signer: { staffId: signing.leader }, level: 'B-B' }],
        },
        ...{ file: onePage(), appId: 'document-system', actor: 'client/test' },
      },
    );
    return id;
  };
  const waiting = () => signing.hub.call('signing.waiting', { staffId: signing.leader });
  const approve = async (requestId: string, agreements: (typeof both)[] = []) => {
    const step = (await waiting()).find(one => one.requestId === requestId);
    const [outcome] = await signing.hub.call('signing.decide', {
      ...{ staffId: signing.leader, stepIds: [step!.stepId], decision: 'approve', pin: '246810', agreements },
    });
    return outcome!;
  };
  const report = () =>
    signing.hub.call('signing.report-broken', {
      staffId: signing.leader,
      service: 'smartca',
      note: 'rơi vỡ',
    });
  const services = () => signing.hub.call('signing.services', { staffId: signing.leader });
  const lookAgain = (ticketId: string) =>
    signing.hub.call('signing.look-again', { staffId: signing.leader, ticketId });
  const tickets = async () => {
    const { rows } = await sql<{ kind: string; openedBy: string; closedWhy: string | null }>`
      select kind, opened_by as "openedBy", closed_why as "closedWhy" from signing_ticket order by opened_at`.execute(
      signing.hub.db,
    );
    return rows;
  };
  const events = async () => {
    const { rows } = await sql<{ type: string; version: number; data: Record<string, unknown> }>`
      select type, subject_version as version, data from event where subject like 'signing-ticket/%' order by position`.execute(
      signing.hub.db,
    );
    return rows;
  };
  const fileOf = async (id: string) => {
    const [request] = await findRequests(signing.hub.db, [id]);
    return readFile(signing.hub.db, request!);
  };
  const returned = (id: string) =>
    waitUntil(
      'it is returned',
      async () => (await findRequests(signing.hub.db, [id]))[0]!.state === 'returned',
      {
        withinMs: 10_000,
      },
    );

  it('nobody’s signature comes from another service without their word, and nothing is lost', async () => {
    await report();
    const id = await ask();
    const refused = await approve(id);
    assert.equal(refused.code, 'signing-consent-needed');
    assert.deepEqual(refused.params, { instead: 'SmartCA', to: 'Dịch vụ ký số của tỉnh' });
    assert.equal(signing.keys.seen.authorised + outside.seen.authorised, 0);
    const [step] = await waiting();
    assert.deepEqual(step!.detour, {
      ...{ kind: 'reported-broken', agreed: false, instead: { id: 'smartca', name: 'SmartCA' } },
      to: { id: 'embedded', name: 'Dịch vụ ký số của tỉnh' },
    });
    assert.deepEqual(step!.asks, ['pin'], 'what the other service asks for');
    assert.equal((await approve(id, [{ instead: 'smartca', to: 'mysign' }])).code, 'signing-consent-needed');
    assert.equal((await approve(id, [both])).ok, true);
    await returned(id);
    assert.deepEqual(
      askPdfsig(folder.path, await fileOf(id)).map(({ valid }) => valid),
      [true],
    );
    const next = await ask();
    assert.equal((await waiting())[0]!.detour!.agreed, true);
    assert.equal((await approve(next)).ok, true, 'they were asked once');
    assert.equal(outside.seen.authorised, 0);
    assert.deepEqual(await tickets(), [
      { kind: 'reported-broken', openedBy: `staff/${signing.leader}`, closedWhy: null },
    ]);
  });

  it('the ticket stays open until another certificate is there, then the first service signs again', async () => {
    const { ticketId } = await report();
    await signing.hub.call('signing.agree', { staffId: signing.leader, ticketId, to: 'embedded' });
    assert.equal((await lookAgain(ticketId)).closed, false, 'the broken one is still listed there');
    outside.give('binh', signing.authority.issue('Nguyễn Văn Bình'));
    assert.equal((await lookAgain(ticketId)).closed, true);
    const id = await ask();
    assert.equal((await waiting())[0]!.detour, undefined);
    assert.equal((await approve(id)).ok, true);
    await returned(id);
    assert.equal(outside.seen.signed, 1);
    assert.equal((await tickets())[0]!.closedWhy, 'recovered');
    const told = await events();
    assert.deepEqual(
      told.map(({ type, version, data }) => [type, version, data.routeId, data.recovered]),
      [
        ['vn.lienthong.signing.ticket-opened.v1', 1, 'smartca', undefined],
        ['vn.lienthong.signing.ticket-closed.v1', 2, 'smartca', true],
      ],
    );
    assert.doesNotMatch(JSON.stringify(told), /rơi vỡ/, 'what people wrote stays with the ticket');
  });

  it('a replacement is found by itself, and at the latest by the next decision', async () => {
    await report();
    outside.give('binh', signing.authority.issue('Nguyễn Văn Bình'));
    assert.equal((await approve(await ask())).ok, true);
    assert.equal(outside.seen.authorised, 1);
    assert.equal((await tickets())[0]!.closedWhy, 'recovered');
    await report();
    outside.give('binh', signing.authority.issue('Nguyễn Văn Bình'));
    await sql`update signing_ticket set look_at = now() where closed_at is null`.execute(signing.hub.db);
    signing.hub.context.wake.notify('signing');
    await waitUntil(
      'it is closed',
      async () => (await tickets()).every(({ closedWhy }) => closedWhy !== null),
      {
        withinMs: 10_000,
      },
    );
  });

  it('a service that is away is noticed when it is needed, and asked again when it is back', async () => {
    outside.state.away = true;
    const id = await ask();
    assert.equal((await waiting())[0]!.detour!.kind, 'service-unavailable');
    assert.deepEqual(await tickets(), [], 'looking at a list opens nothing');
    assert.equal((await approve(id)).code, 'signing-consent-needed');
    assert.deepEqual(await tickets(), [{ kind: 'service-unavailable', openedBy: 'system', closedWhy: null }]);
    const ticketId = (await services())[0]!.ticket!.id;
    outside.state.away = false;
    await lookAgain(ticketId);
    assert.equal((await tickets())[0]!.closedWhy, 'recovered');
    assert.equal((await approve(id)).ok, true);
    assert.equal(outside.seen.authorised, 1);
  });

  it('a service that is away with no other beside it only has to be waited for', async () => {
    signing.keys.take(signing.leader);
    outside.state.away = true;
    const id = await ask();
    assert.equal((await approve(id)).code, 'signing-service-unavailable');
    assert.deepEqual(await tickets(), []);
    outside.state.away = false;
    assert.equal((await approve(id)).ok, true);
  });

  it('an expired or withdrawn certificate is noticed the same way', async () => {
    for (const [status, kind] of [
      ['expired', 'certificate-expired'],
      ['revoked', 'certificate-withdrawn'],
    ] as const) {
      outside.give('binh', signing.authority.issue('Nguyễn Văn Bình'), status);
      const id = await ask();
      assert.equal((await approve(id)).code, 'signing-consent-needed');
      assert.equal((await tickets()).at(-1)!.kind, kind);
      outside.give('binh', signing.authority.issue('Nguyễn Văn Bình'));
      assert.equal((await approve(id)).ok, true);
      assert.equal((await tickets()).at(-1)!.closedWhy, 'recovered');
    }
  });

  it('an account that lists nothing any more had a certificate: nobody else signs unasked', async () => {
    outside.take('binh');
    const id = await ask();
    assert.equal((await approve(id)).code, 'signing-consent-needed');
    assert.equal((await tickets())[0]!.kind, 'certificate-withdrawn');
    assert.equal(signing.keys.seen.authorised, 0);
    assert.equal((await approve(id, [both])).ok, true);
  });

  it('a report counts although the hub had noticed something milder', async () => {
    outside.state.away = true;
    await approve(await ask());
    await report();
    outside.state.away = false;
    const ticketId = (await services())[0]!.ticket!.id;
    assert.equal((await lookAgain(ticketId)).closed, false, 'what is there when it tells again is broken');
    assert.deepEqual(
      (await tickets()).map(({ kind }) => kind),
      ['reported-broken'],
    );
    outside.give('binh', signing.authority.issue('Nguyễn Văn Bình'));
    assert.equal((await lookAgain(ticketId)).closed, true);
  });

  it('a look that began before the report does not close what was reported', async () => {
    outside.state.away = true;
    await approve(await ask());
    const ticketId = (await services())[0]!.ticket!.id;
    const { hub } = signing;
    const before = (await findTicket(hub.db, ticketId))!;
    await report();
    outside.state.away = false;
    assert.equal(await closeTicket(hub.context, before, { actor: 'system', why: recovered }), false);
    assert.deepEqual(
      (await tickets()).map(({ kind, closedWhy }) => [kind, closedWhy]),
      [['reported-broken', null]],
    );
  });

  it('a certificate for the meantime is made where the rules allow it, and ends with the ticket', async () => {
    const { keys, leader, authority } = signing;
    keys.take(leader);
    const { ticketId } = await report();
    const id = await ask();
    assert.equal((await approve(id)).code, 'no-signing-key', 'the rules do not allow it');
    await allowTemporary();
    assert.equal((await approve(id, [both])).code, 'signing-temporary-offered');
    assert.equal((await services())[0]!.detour!.temporary, 'offered');
    await signing.hub.call('signing.agree', { staffId: leader, ticketId, to: 'embedded', pin: '246810' });
    const [credentialId, made] = [...keys.temporary][0]!;
    assert.equal(made.pin, '246810');
    assert.equal((await approve(id)).code, 'signing-temporary-requested');
    keys.certify(credentialId, authority.issue('Nguyễn Văn Bình'));
    assert.equal((await approve(id)).ok, true);
    await returned(id);
    assert.equal(keys.seen.signed, 1);
    outside.give('binh', authority.issue('Nguyễn Văn Bình'));
    assert.equal((await lookAgain(ticketId)).closed, true);
    await waitUntil('it is revoked', () => keys.temporary.size === 0, { withinMs: 10_000 });
  });

  it('a certificate for the meantime is waited for beside an expired one, and offered anew when it expires itself', async () => {
    const { keys, leader, authority } = signing;
    const { ticketId } = await report();
    await allowTemporary();
    keys.take(leader);
    keys.give(leader, authority.issue('Nguyễn Văn Bình'), 'expired');
    assert.equal((await approve(await ask())).code, 'signing-temporary-offered');
    await signing.hub.call('signing.agree', { staffId: leader, ticketId, to: 'embedded', pin: '246810' });
    assert.equal((await services())[0]!.detour!.temporary, 'requested');
    const [credentialId] = [...keys.temporary][0]!;
    keys.certify(credentialId, authority.issue('Nguyễn Văn Bình'), 'expired');
    assert.equal((await services())[0]!.detour!.temporary, 'offered');
  });

  it('many nodes that find the same trouble open one ticket', async () => {
    const { hub, leader } = signing;
    const other = openDatabase(hub.databaseUrl, 5);
    const nodes = [hub.context, { ...hub.context, db: other }];
    const opened = await Promise.all(
      Array.from({ length: 10 }, (_, n) => {
        const context = nodes[n % 2]!;
        return openTicket(
          { ...context, keys: createHeldKeys(context) },
          {
            holder: { staffId: leader, unitId: null },
            ...{ routeId: 'smartca', kind: 'service-unavailable', actor: 'system' },
          },
        );
      }),
    );
    await other.destroy();
    assert.equal(new Set(opened.map(({ id }) => id)).size, 1);
    assert.equal((await events()).length, 1);
  });

  it('a ticket of somebody else is neither seen nor touched', async () => {
    const { ticketId } = await report();
    const theirs = { staffId: signing.clerk, ticketId };
    const unknown = { code: 'unknown-signing-ticket' };
    await assert.rejects(signing.hub.call('signing.look-again', theirs), unknown);
    await assert.rejects(signing.hub.call('signing.agree', { ...theirs, to: 'embedded' }), unknown);
    const unit = { staffId: signing.leader, unitId: signing.unitId, service: 'embedded' };
    await assert.rejects(signing.hub.call('signing.report-broken', unit), { code: 'not-found' });
    const nothing = { staffId: signing.clerk, service: 'smartca' };
    await assert.rejects(signing.hub.call('signing.report-broken', nothing), { code: 'not-found' });
    assert.equal(
      (await signing.hub.call('signing.services', { staffId: signing.clerk })).some(one => one.ticket),
      false,
    );
  });

  it('pages ask an outside service once in a while, and again after an authorisation failed', async () => {
    const id = await ask();
    for (let n = 0; n < 5; n += 1) await waiting();
    assert.equal(outside.seen.certificates, 1);
    outside.state.refuses = true;
    assert.equal((await approve(id)).code, 'signing-refused');
    const asked = outside.seen.certificates;
    await waiting();
    assert.equal(outside.seen.certificates, asked + 1);
  });
});
