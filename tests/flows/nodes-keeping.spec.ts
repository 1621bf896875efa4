import { asks, out, tryNodes } from '#tests/flows/try-nodes.ts';

const table = {
  type: 'lienthong-decide',
  columns: [
    { name: 'loại', path: 'payload.kind' },
    { name: 'ngày', path: 'payload.days' },
  ],
  rows: [
    // biome-ignore lint/suspicious/noThenProperty: data, never awaited
    { when: { loại: 'báo cáo | kế hoạch', ngày: '<= 3' }, then: { mức: 'gấp' } },
    // biome-ignore lint/suspicious/noThenProperty: data, never awaited
    { when: { loại: 'Sở*' }, then: { mức: 'thường' } },
  ],
};

const correlate = { type: 'lienthong-correlate', key: 'payload.number', part: 'topic', count: 2 };

describe('Nodes that wait, keep and decide', function () {
  this.timeout(60_000);
  tryNodes([
    {
      title: 'wait settles the message and goes on later with what it was',
      node: { type: 'lienthong-wait', amount: 3, unit: 'days' },
      message: { payload: 'giữ', topic: 't' },
      more: {
        passWaits: true,
        calls: [
          asks('wait', { message: { payload: 'giữ', topic: 't' } }),
          out(0, { payload: 'giữ', topic: 't' }),
        ],
      },
    },
    {
      title: 'wait goes on at the moment that the message names',
      node: { type: 'lienthong-wait', until: 'payload.due', untilType: 'msg' },
      message: { payload: { due: '2026-12-31T17:00:00+07:00' } },
      more: { calls: [asks('wait', { until: '2026-12-31T10:00:00.000Z' })], ends: 'waits' },
    },
    {
      title: 'wait fails for what is no moment',
      node: { type: 'lienthong-wait', until: 'payload', untilType: 'msg' },
      message: { payload: 'hôm nào đó' },
      fails: 'Không hiểu thời điểm phải chờ',
    },
    {
      title: 'wait fails for what is no time',
      node: { type: 'lienthong-wait', amount: 'một', unit: 'days' },
      message: {},
      fails: 'Không hiểu thời điểm phải chờ: một days',
    },
    {
      title: 'correlate gives a part to the hub',
      node: correlate,
      message: { payload: { number: '12/UBND' }, topic: 'công văn' },
      outputs: 2,
      more: {
        calls: [asks('correlate', { key: '12/UBND', name: 'công văn', count: 2 })],
        ends: 'correlates',
      },
    },
    {
      title: 'correlate without a key fails',
      node: correlate,
      message: { payload: {}, topic: 'công văn' },
      outputs: 2,
      fails: 'msg.payload.number để trống',
    },
    {
      title: 'once sends the first of a key out above',
      node: { type: 'lienthong-once', key: 'payload.id' },
      message: { payload: { id: 'a' } },
      outputs: 2,
      more: { calls: [out(0, {})] },
    },
    {
      title: 'once sends a later one out below',
      node: { type: 'lienthong-once', key: 'payload.id' },
      message: { payload: { id: 'a' } },
      outputs: 2,
      more: { taken: ['a'], calls: [out(1, {})] },
    },
    {
      title: 'once without a key fails',
      node: { type: 'lienthong-once', key: 'payload.id' },
      message: { payload: {} },
      outputs: 2,
      fails: 'không có gì để phân biệt',
    },
    {
      title: 'state reads what is kept',
      node: { type: 'lienthong-state', operation: 'read', key: 'số' },
      message: { payload: 1 },
      more: { state: { số: 41 }, calls: [out(0, { payload: 41 })] },
    },
    {
      title: 'state without a key fails',
      node: { type: 'lienthong-state', operation: 'read', key: 'payload.key', keyType: 'msg' },
      message: {},
      fails: 'không có gì để phân biệt',
    },
    {
      title: 'decide takes the first row that fits',
      node: table,
      message: { payload: { kind: 'Kế hoạch', days: 2 } },
      outputs: 2,
      more: { calls: [out(0, { decision: { mức: 'gấp' } })] },
    },
    {
      title: 'decide goes on to the next row when a cell does not fit',
      node: table,
      message: { payload: { kind: 'Sở Y tế', days: 9 } },
      outputs: 2,
      more: { calls: [out(0, { decision: { mức: 'thường' } })] },
    },
    {
      title: 'decide goes out below when no row fits, and when what it asks is not there',
      node: table,
      message: {},
      outputs: 2,
      more: { calls: [out(1, {})] },
    },
    {
      title: 'dead-letter gives the message up',
      node: { type: 'lienthong-dead-letter', reason: 'Không rõ đơn vị' },
      message: {},
      more: { calls: [], ends: 'dead-letter' },
    },
  ]);
});
