import assert from 'node:assert/strict';
import { packDocument, packStatus } from '#edxml/pack.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { SentDocument, ShownDocument } from '#schemas/document.ts';
import { readSample } from '#tests/edxml/make-package.ts';
import { bearer, startEdge } from '#tests/http/start-edge.ts';
import { department, type Exchange, office, outside, startExchange, vanBan } from './start-exchange.ts';

interface Kept {
  id: string;
  code: string;
  place: string;
  reason: string;
  state: string;
  bytes: number;
}

const fromOutside = (more: Partial<SentDocument> = {}): SentDocument => ({
  documentId: `${outside},2026/03/02,7/CV`,
  from: { organId: outside, name: 'Sở TT&TT Đà Nẵng' },
  to: [{ organId: department.organId, name: 'Sở TT&TT' }],
  number: '7',
  notation: 'CV',
  issuedOn: '2026-03-02',
  subject: 'V/v phối hợp',
  files: [{ name: 'cv7.pdf', base64: 'JVBERi0=' }],
  ...more,
});

describe('Documents from outside', function () {
  this.timeout(60_000);
  let exchange: Exchange;
  let edge: Awaited<ReturnType<typeof startEdge>>;
  before(async () => {
    exchange = await startExchange();
    edge = await startEdge({
      routes: exchange.hub.parts.flatMap(part => part.routes ?? []),
      authenticate: async token => {
        if (token === '') throw new AppError('unauthenticated');
        const scopes = token === 'boss' ? (['admin'] as const) : (['documents.exchange'] as const);
        return { clientId: `${token}-1`, appId: token, scopes: [...scopes] };
      },
    });
  });
  after(async () => {
    await edge?.close();
    await exchange?.stop();
  });

  const send = async (bytes: Buffer | string, kind = 'edoc'): Promise<string> => {
    const base64 = Buffer.from(bytes).toString('base64');
    return String((await exchange.act('document-axis', { action: 'send', kind, base64 })).docId);
  };
  const settled = async (docId: string): Promise<string> => {
    const inbox = await exchange.until<{ docId: string; status: string }>('document-axis', 'inbox', all =>
      all.some(one => one.docId === docId && one.status !== 'initial'),
    );
    return inbox.find(one => one.docId === docId)!.status;
  };
  const ask = (method: string, path: string, body?: object, token = 'boss'): Promise<Response> =>
    fetch(`${edge.origin}/api/v1/documents${path}`, {
      method,
      headers: {
        ...bearer(token),
        'accept-language': 'vi',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const kept = async (): Promise<Kept[]> =>
    ((await (await ask('GET', '/quarantine?state=waiting')).json()) as { items: Kept[] }).items;
  const find = (documentId: string, from: string): Promise<ShownDocument | undefined> =>
    exchange.hub.call('documents.find', { from, documentId });

  it('that are unsound are kept byte for byte with the reason in words, and hinder none behind them', async () => {
    const junk = Buffer.concat([Buffer.from('1212'), readSample('edoc_new')]);
    const ids = [
      await send(junk),
      await send('<!DOCTYPE a><a/>'),
      await send(
        packStatus({
          from: { organId: outside },
          about: { organId: office.organId, documentId: 'khong-co' },
          code: '01',
          at: '2026-03-01T00:00:00Z',
        }),
        'status',
      ),
      await send(await packDocument(fromOutside({ from: { organId: office.organId } }))),
      await send(await packDocument(fromOutside({ documentId: 'x', to: [{ organId: 'H49.20' }] }))),
    ];
    for (const id of ids) assert.equal(await settled(id), 'fail');
    assert.equal(await settled(await send(await packDocument(fromOutside()))), 'done');
    const items = await kept();
    assert.deepEqual(items.map(({ code }) => code).sort(), [
      'document-type',
      'document-unknown',
      'junk-before-xml',
      'receiver-unknown',
      'sender-ours',
    ]);
    const one = items.find(({ code }) => code === 'junk-before-xml')!;
    assert.deepEqual([one.place, one.bytes], ['line 1', junk.length]);
    assert.match(one.reason, /ký tự lạ trước phần khai báo XML/);
    const bytes = await (await ask('GET', `/quarantine/${one.id}/package`)).arrayBuffer();
    assert.ok(Buffer.from(bytes).equals(junk));
    assert.equal((await ask('GET', '/quarantine', undefined, 'document-system')).status, 403);
  });

  it('reach the unit, and the arrival is told over the axis', async () => {
    await exchange.until<{ VanBan: { TrichYeu: string } }>('document-system', 'incoming', all =>
      all.some(({ VanBan }) => VanBan.TrichYeu === 'V/v phối hợp'),
    );
    const told = await exchange.until<{ to: string; statusCode?: string }>(
      'document-axis',
      'delivered',
      all => all.some(one => one.to === outside && one.statusCode === '01'),
    );
    assert.equal(told.filter(one => one.statusCode === '01').length, 1);
  });

  it('that come again, or in another form under the same id, are taken once', async () => {
    assert.equal(await settled(await send(await packDocument(fromOutside()))), 'done');
    const other = fromOutside({ subject: 'Nội dung khác' });
    assert.equal(await settled(await send(await packDocument(other))), 'fail');
    assert.ok((await kept()).some(({ code }) => code === 'document-differs'));
    const updated = { ...other, action: { kind: 'update', documentId: other.documentId, reason: 'Sửa' } };
    assert.equal(await settled(await send(await packDocument(updated))), 'done');
    const shown = (await find(other.documentId, outside))!;
    assert.equal(shown.header.subject, 'Nội dung khác');
    assert.deepEqual(
      shown.forms.map(({ kind }) => kind),
      ['new', 'update'],
    );
  });

  it('with a status of an unknown code: it is kept and shown, and moves nothing', async () => {
    await exchange.act('document-system', { action: 'issue', document: vanBan() });
    await exchange.until('document-axis', 'delivered', all =>
      all.some(one => one.documentId === vanBan().MaDinhDanhVanBan),
    );
    const documentId = String(vanBan().MaDinhDanhVanBan);
    await exchange.act('document-axis', { action: 'status', documentId, code: '09', description: 'Mã lạ' });
    const shown = await waitUntil(
      'the strange status',
      async () => {
        const one = await find(documentId, office.organId);
        return one?.statuses.some(({ status }) => status.code === '09') &&
          one.receivers.find(r => r.organId === outside)?.state === 'received'
          ? one
          : undefined;
      },
      { withinMs: 15_000 },
    );
    const strange = shown.statuses.find(({ status }) => status.code === '09')!;
    assert.deepEqual([strange.known, strange.moved, strange.status.description], [false, false, 'Mã lạ']);
    await exchange.until<{ MaTinhTrang: string }>('document-system', 'told', all =>
      all.some(({ MaTinhTrang }) => MaTinhTrang === '09'),
    );
  });

  it('are released once the cause is mended, or rejected with a note, once', async () => {
    const receiver = { organId: 'H57.77', name: 'Sở mới' };
    await settled(await send(await packDocument(fromOutside({ documentId: 'moi', to: [receiver] }))));
    const one = (await kept()).find(
      ({ code, place }) => code === 'receiver-unknown' && place.endsWith('/To'),
    )!;
    const waiting = (await kept()).filter(({ code }) => code === 'receiver-unknown');
    const refused = await ask('POST', `/quarantine/${one.id}/release`);
    assert.equal(refused.status, 422);
    assert.match(JSON.stringify(await refused.json()), /receiver-unknown/);
    await exchange.hub.call('units.load', {
      units: [{ code: 'M', name: 'Sở mới', level: 'agency', parentCode: 'H57', code2020: 'H57.77' }],
      ...{ source: 'test', actor: 'test' },
    });
    const released = await Promise.all(waiting.map(({ id }) => ask('POST', `/quarantine/${id}/release`)));
    assert.ok(released.some(({ status }) => status === 204));
    assert.equal((await find('moi', outside))?.receivers[0]?.organId, 'H57.77');
    const junk = (await kept()).find(({ code }) => code === 'junk-before-xml')!;
    assert.equal(
      (await ask('POST', `/quarantine/${junk.id}/reject`, { note: 'Đã báo bên gửi' })).status,
      204,
    );
    assert.equal((await ask('POST', `/quarantine/${junk.id}/reject`, { note: 'Lần nữa' })).status, 409);
  });

  it('are seen by the app that has them, and no other; what failed is tried again when asked', async () => {
    const document = {
      ...fromOutside({ documentId: 'lai', from: { organId: office.organId }, to: [{ organId: 'H99.01' }] }),
    };
    const answer = await ask('POST', '', document, 'document-system');
    assert.equal(answer.status, 202);
    const { id } = (await answer.json()) as ShownDocument;
    const failed = () =>
      waitUntil(
        'a refusal of the axis',
        async () => (await find('lai', office.organId))?.receivers[0]?.state === 'failed',
        { withinMs: 15_000 },
      );
    await failed();
    assert.equal((await ask('GET', `/${id}`, undefined, 'portal')).status, 404);
    assert.equal((await ask('POST', `/${id}/retry`, undefined, 'document-system')).status, 200);
    await failed();
    const { items } = (await (await ask('GET', '?state=failed', undefined, 'document-system')).json()) as {
      items: ShownDocument[];
    };
    assert.deepEqual(
      items.map(one => one.id),
      [id],
    );
    assert.equal((await ask('POST', '', { ...document, issuedOn: 'hôm qua' })).status, 400);
    const packed = await (await ask('GET', `/${id}/package`, undefined, 'document-system')).text();
    assert.match(packed, /<edXML:DocumentId>lai</);
  });
});
