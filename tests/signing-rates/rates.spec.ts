import assert from 'node:assert/strict';
import { inTransaction } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { appendEvents } from '#hub/platform/event-log.ts';
import { markReturned } from '#hub/signing-rates/follow-returned.ts';
import { eventType } from '#schemas/event.ts';
import type { IssuedDocument, SignedShare } from '#schemas/signing-rates.ts';
import { type RatesHub, startRates } from './start-rates.ts';

describe('Rates of signing', () => {
  let rates: RatesHub;
  beforeEach(async () => {
    rates = await startRates();
  });
  afterEach(() => rates.stop());

  const agency = 'H57.03';
  const district = '476';
  const make = (documentId: string, more: Partial<IssuedDocument> = {}): IssuedDocument => ({
    ...{ documentId, unit: agency, issuedOn: '2026-03-01', signed: false },
    ...more,
  });
  const year = '?from=2026-01-01&until=2026-12-31';
  const totalOf = async (query = year): Promise<SignedShare> => (await rates.read(query)).total.period;
  const unitIdOf = async (code: string): Promise<string> =>
    (await rates.hub.call('units.resolve', { texts: [code] }))[0]!.unitId!;
  const returned = async (documentId: string, more: object = {}) => ({
    requestId: crypto.randomUUID(),
    ...{ appId: 'vb', documentId, signedAt: '2026-03-01T02:00:00Z' },
    ...more,
  });

  it('count a document once, however often it is reported; what was said last holds', async () => {
    await rates.report([make('1'), make('2'), make('1', { signed: true })]);
    assert.deepEqual(await totalOf(), { issued: 2, signed: 1, percent: '50.00' });
    await rates.report([make('2', { signed: true }), make('1', { signed: true })]);
    assert.deepEqual(await totalOf(), { issued: 2, signed: 2, percent: '100.00' });
    await rates.report([make('2', { signed: false, issuedOn: '2025-12-31' })]);
    assert.deepEqual(await totalOf(), { issued: 1, signed: 1, percent: '100.00' });
  });

  it('keep documents of two apps apart, whatever their ids', async () => {
    await rates.report([make('1')]);
    await rates.report([make('1', { signed: true })], 'other');
    assert.deepEqual(await totalOf(), { issued: 2, signed: 1, percent: '50.00' });
  });

  it('are of a period with both its days, and beside it of all until its end', async () => {
    const on = (documentId: string, issuedOn: string, signed: boolean) =>
      make(documentId, { issuedOn, signed });
    await rates.report([
      on('1', '2025-06-01', false),
      on('2', '2026-01-01', true),
      on('3', '2026-01-31', true),
      on('4', '2026-02-01', false),
    ]);
    const { items, total } = await rates.read('?from=2026-01-01&until=2026-01-31');
    assert.deepEqual(total.period, { issued: 2, signed: 2, percent: '100.00' });
    assert.deepEqual(total.sinceBeginning, { issued: 3, signed: 2, percent: '66.67' });
    assert.deepEqual(items[0]!.sinceBeginning, total.sinceBeginning);
    const empty = await rates.read('?from=2025-07-01&until=2025-12-31');
    assert.deepEqual(empty.items[0]!.period, { issued: 0, signed: 0, percent: null });
    assert.equal(empty.items[0]!.sinceBeginning.percent, '0.00');
    assert.deepEqual(empty.chart.units.period, [null]);
  });

  it('are of one unit with those below it, by any code of it or its id', async () => {
    const [commune] = await rates.hub.call('units.list', { parentId: await unitIdOf(district) });
    await rates.report([
      make('1'),
      make('2', { unit: district, signed: true }),
      make('3', { unit: commune!.id }),
      make('4', { unit: '000.00.03.H57' }),
    ]);
    const below = await rates.read(`${year}&unit=${district}`);
    assert.deepEqual(
      below.items.map(({ level }) => level),
      ['district', 'commune'],
    );
    assert.deepEqual(below.total.period, { issued: 2, signed: 1, percent: '50.00' });
    assert.equal((await totalOf(`${year}&unit=${await unitIdOf(agency)}`)).issued, 2);
    const unknown = await rates.get(`/api/v1/signing/rates?unit=nowhere`);
    assert.equal((await rates.problemOf(unknown)).code, 'unknown-unit');
  });

  it('take no batch with a unit that nobody knows, and say where it stands', async () => {
    const answer = await rates.report([make('1'), make('2', { unit: 'nowhere' })]);
    assert.equal(answer.status, 400);
    const [fault] = (await rates.problemOf(answer)).errors;
    assert.equal(fault!.pointer, '/documents/1/unit');
    assert.equal(fault!.code, 'unknown-unit');
    assert.equal((await totalOf()).issued, 0);
    assert.equal((await rates.report([make('1', { issuedOn: '2026-02-30' })])).status, 400);
    assert.equal((await rates.report(Array.from({ length: 1001 }, (_, at) => make(String(at))))).status, 400);
    assert.equal((await rates.get('/api/v1/signing/rates?from=2026-02-01&until=2026-01-01')).status, 400);
  });

  it('are for who may ask for signatures, and for administrators', async () => {
    for (const path of ['/api/v1/signing/rates', '/api/v1/signing/rates.xlsx']) {
      assert.equal((await rates.get(path, 'reader')).status, 403);
      assert.equal((await rates.get(path, 'boss')).status, 200);
    }
    assert.equal((await rates.report([make('1')], 'reader')).status, 403);
  });

  it('count as signed what the hub gave back signed, before or after its report, whatever that says', async () => {
    const { db } = rates.hub;
    await rates.report([make('1')]);
    await markReturned(db, { data: await returned('1') });
    await markReturned(db, { data: await returned('1') });
    await markReturned(db, { data: await returned('2') });
    assert.deepEqual(await totalOf(), { issued: 1, signed: 1, percent: '100.00' });
    await rates.report([make('1'), make('2'), make('3')]);
    assert.deepEqual(await totalOf(), { issued: 3, signed: 2, percent: '66.67' });
  });

  it('need no report of what was numbered and sealed through the hub', async () => {
    const { db } = rates.hub;
    const unitId = await unitIdOf(district);
    await markReturned(db, { data: await returned('1', { unitId, issuedOn: '2026-03-01' }) });
    assert.deepEqual(await totalOf(), { issued: 1, signed: 1, percent: '100.00' });
    await rates.report([make('1', { issuedOn: '2026-04-01' })]);
    const { items } = await rates.read(year);
    assert.deepEqual(
      items.map(({ code }) => code),
      [agency],
    );
    await markReturned(db, { data: await returned('1', { unitId, issuedOn: '2026-03-01' }) });
    assert.equal((await rates.read('?from=2026-04-01&until=2026-04-30')).total.period.issued, 1);
  });

  it('follow the event log by themselves', async () => {
    const { db } = rates.hub;
    await rates.report([make('1')]);
    const data = await returned('1');
    await inTransaction(db, tx =>
      appendEvents(tx, [
        {
          type: eventType('signing.returned'),
          subject: `signing/${data.requestId}`,
          subjectVersion: 1,
          source: 'hub/signing',
          actor: 'system',
          data,
        },
      ]),
    );
    await waitUntil('the document to count as signed', async () => (await totalOf()).signed === 1, {
      withinMs: 10_000,
    });
  });
});
