import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { SentDocument, ShownDocument } from '#schemas/document.ts';
import { setFault } from '#tests/connectors/start-sandbox.ts';
import { department, type Exchange, office, outside, startExchange } from './start-exchange.ts';

const make = (documentId: string, more: Partial<SentDocument> = {}): SentDocument => ({
  documentId,
  from: { organId: office.organId, name: 'Văn phòng UBND tỉnh' },
  to: [{ organId: department.organId }, { organId: outside }],
  number: '1',
  notation: 'QĐ',
  issuedOn: '2026-03-01',
  subject: 'Quyết định',
  files: [{ name: 'qd.pdf', base64: 'JVBERi0=' }],
  ...more,
});

describe('A document that was sent', function () {
  this.timeout(60_000);
  let exchange: Exchange;
  before(async () => {
    exchange = await startExchange();
    await exchange.act('document-axis', { action: 'answer-with', codes: ['01'] });
  });
  after(() => exchange?.stop());

  const actor = 'test';
  const send = async (document: SentDocument): Promise<string> =>
    (await exchange.hub.call('documents.send', { document, appId: 'document-system', actor })).id;
  const see = async (id: string): Promise<ShownDocument> =>
    (await exchange.hub.call('documents.find', { id }))!;
  const stateOf = (shown: ShownDocument, organId: string) =>
    shown.receivers.find(one => one.organId === organId)?.state;
  const until = (id: string, states: [inside: string, outside: string]): Promise<ShownDocument> =>
    waitUntil(
      states.join(),
      async () => {
        const shown = await see(id);
        const now = [stateOf(shown, department.organId), stateOf(shown, outside)];
        return now.join() === states.join() ? shown : undefined;
      },
      { withinMs: 15_000 },
    );

  it('again is the same one; with a small difference it is refused, because a change is an update', async () => {
    const id = await send(make('D1'));
    assert.equal(
      await send(make('D1', { from: { organId: office.code2020, name: 'Văn phòng UBND tỉnh' } })).catch(
        error => error.code,
      ),
      'document-refused',
    );
    assert.equal(await send(make('D1')), id);
    const shown = await until(id, ['arrived', 'arrived']);
    assert.equal(shown.forms.length, 1);
  });

  it('is asked back: both are told, the one outside agrees, the one inside declines', async () => {
    const id = await send(make('D2'));
    await until(id, ['arrived', 'arrived']);
    await exchange.hub.call('documents.recall', { id, reason: 'Sai phụ lục', actor });
    await until(id, ['recall-asked', 'recalled']);
    await exchange.hub.call('documents.report-status', {
      id,
      organId: department.code2020,
      code: '16',
      description: 'Đã xử lý',
      actor,
    });
    await until(id, ['arrived', 'recalled']);
  });

  it('stays here when it is taken back before it went, and nobody ever has it', async () => {
    await setFault(exchange.documentSystem.origin, { mode: 'down' });
    const id = await send(
      make('D3', { to: [{ organId: department.organId }], subject: 'Không bao giờ tới' }),
    );
    await waitUntil('a failed try', async () => (await see(id)).receivers[0]?.trouble !== undefined, {
      withinMs: 15_000,
    });
    await exchange.hub.call('documents.recall', { id, reason: 'Nhầm', actor });
    assert.equal(stateOf(await see(id), department.organId), 'recalled');
    await setFault(exchange.documentSystem.origin, { mode: 'ok' });
    await until(await send(make('D4')), ['arrived', 'arrived']);
    const incoming = await exchange.state<{ VanBan: { TrichYeu: string } }>('document-system', 'incoming');
    assert.ok(!incoming.some(({ VanBan }) => VanBan.TrichYeu === 'Không bao giờ tới'));
  });

  it('is updated, replaced and withdrawn at everyone who has it', async () => {
    const id = await send(make('D5'));
    await until(id, ['arrived', 'arrived']);
    const document = make('D5', { subject: 'Quyết định (sửa)' });
    await exchange.hub.call('documents.update', { id, document, reason: 'Sửa trích yếu', actor });
    await exchange.until<{ VanBan: { TrichYeu: string } }>('document-system', 'incoming', all =>
      all.some(({ VanBan }) => VanBan.TrichYeu === 'Quyết định (sửa)'),
    );
    await until(id, ['arrived', 'arrived']);
    const next = await exchange.hub.call('documents.replace', {
      id,
      document: make('D6'),
      reason: 'Thay thế',
      actor,
    });
    await until(id, ['replaced', 'replaced']);
    await until(next.id, ['arrived', 'arrived']);
    await exchange.hub.call('documents.recall', { id: next.id, reason: 'Thu hồi', revoke: true, actor });
    await until(next.id, ['recalled', 'recalled']);
    const packages = await exchange.state<{ xml: string }>('document-axis', 'packages');
    const kinds = packages.flatMap(({ xml }) => /<edXML:BussinessDocType>(\d)</.exec(xml)?.[1] ?? []);
    assert.deepEqual([...new Set(kinds)].sort(), ['1', '2', '3']);
  });

  it('to somebody whom the axis does not know has failed there alone, with the reason of the axis', async () => {
    const id = await send(make('D7', { to: [{ organId: department.organId }, { organId: 'H99.01' }] }));
    const shown = await waitUntil(
      'failed',
      async () => {
        const one = await see(id);
        return stateOf(one, 'H99.01') === 'failed' && stateOf(one, department.organId) === 'arrived'
          ? one
          : undefined;
      },
      { withinMs: 15_000 },
    );
    assert.match(shown.receivers.find(one => one.organId === 'H99.01')!.trouble!.message, /18/);
  });

  it('by a sender that is no unit of ours is refused with the place', async () => {
    await assert.rejects(
      send(make('D8', { from: { organId: outside } })),
      (error: { code: string; faults: object[] }) => {
        assert.equal(error.code, 'document-refused');
        assert.deepEqual(error.faults, [{ pointer: 'MessageHeader/From/OrganId', code: 'sender-unknown' }]);
        return true;
      },
    );
  });
});
