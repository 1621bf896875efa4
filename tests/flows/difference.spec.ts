import assert from 'node:assert/strict';
import { compareContents } from '#hub/flows/versions/difference/compare-contents.ts';
import { countChanges } from '#hub/flows/versions/difference/count-changes.ts';
import { describeDifference } from '#hub/flows/versions/difference/describe-difference.ts';
import { dots } from '#hub/flows/versions/difference/show-value.ts';
import { toNormalForm } from '#hub/flows/versions/normal-form.ts';
import type { FlowContents, FlowNode } from '#schemas/flow.ts';

const tab = (id: string, label: string, more: object = {}): FlowNode => ({ id, type: 'tab', label, ...more });
const node = (id: string, type: string, more: object = {}): FlowNode => ({
  ...{ id, type, z: 't1', x: 100, y: 80, wires: [[]] },
  ...more,
});
const base: FlowContents = [
  tab('t1', 'Văn bản đến'),
  tab('t2', 'Lịch tuần'),
  node('a', 'lienthong-event-in', { name: 'Có văn bản', wires: [['b']] }),
  node('b', 'function', { name: 'Chọn đơn vị', func: 'a();\nb();\nc();', wires: [['c']] }),
  node('c', 'lienthong-notify', { name: 'Báo đơn vị' }),
  node('d', 'debug', { wires: [] }),
  { id: 'k', type: 'lienthong-app', name: 'Phần mềm chỉ đạo', url: 'https://chidao' },
];
const change = (id: string, more: object): FlowContents =>
  base.map(old => (old.id === id ? { ...old, ...more } : old));
const compare = (after: FlowContents, before = base) =>
  compareContents(toNormalForm(before), toNormalForm(after));
const text = (after: FlowContents, before = base, language: 'vi' | 'en' = 'vi') =>
  describeDifference(language, { ...compare(after, before), credentials: false });

describe('The difference of two versions of flows', () => {
  it('is nothing when only what the editor writes of itself is different', () => {
    const same = [...base].reverse().map(old => ({
      ...Object.fromEntries(Object.entries(old).reverse()),
      ...(old.type === 'tab' ? { disabled: false, info: '', env: [] } : {}),
    })) as FlowContents;
    // The row of tabs is kept as given.
    same.unshift(...same.splice(same.findIndex(({ id }) => id === 't1')));
    assert.deepEqual(compare(same), { flows: [], layout: false });
    assert.equal(text(same), 'Không có khác biệt.');
  });

  const silent: [what: string, after: FlowContents, before?: FlowContents][] = [
    ['a node moved on the canvas', change('b', { x: 400, y: 20 })],
    ['a group made larger', ...sized()],
    ['a port of a subflow moved', ...portMoved()],
    ['tabs put in another order', [base[1]!, base[0]!, ...base.slice(2)]],
  ];
  for (const [what, after, before] of silent)
    it(`is only a move: ${what}`, () => {
      assert.deepEqual(compare(after, before), { flows: [], layout: true });
      assert.match(text(after, before, 'en'), /^Only things on the canvas were moved/);
    });

  const told: [what: string, after: FlowContents, lines: string[]][] = [
    [
      'a node that is new, and the wire to it by its name',
      [...change('c', { wires: [['e']] }), node('e', 'lienthong-state', { name: 'Ghi nhận' })],
      [
        '~ Sửa luồng “Văn bản đến”',
        '  ~ sửa nút “Báo đơn vị” (lienthong-notify)',
        '      nối dây: (không có) → 1 → “Ghi nhận”',
        '  + thêm nút “Ghi nhận” (lienthong-state)',
      ],
    ],
    [
      'a node that is gone, without a name',
      base.filter(({ id }) => id !== 'd'),
      ['~ Sửa luồng “Văn bản đến”', '  - bỏ nút “debug (d)” (debug)'],
    ],
    [
      'a node renamed: its wires are as before',
      change('c', { name: 'Báo phòng' }),
      [
        '~ Sửa luồng “Văn bản đến”',
        '  ~ sửa nút “Báo phòng” (lienthong-notify)',
        '      tên: “Báo đơn vị” → “Báo phòng”',
      ],
    ],
    [
      'the lines of code that are not the same, and no other',
      change('b', { func: 'a();\nx();\ny();\nc();' }),
      [
        '~ Sửa luồng “Văn bản đến”',
        '  ~ sửa nút “Chọn đơn vị” (function)',
        '      mã lệnh:',
        '        - b();',
        '        + x();',
        '        + y();',
      ],
    ],
    [
      'a node switched off',
      change('c', { d: true }),
      [
        '~ Sửa luồng “Văn bản đến”',
        '  ~ sửa nút “Báo đơn vị” (lienthong-notify)',
        '      tắt: (không có) → có',
      ],
    ],
    [
      'a flow renamed and switched off',
      change('t2', { label: 'Lịch công tác', disabled: true }),
      ['~ Sửa luồng “Lịch công tác”, tên cũ “Lịch tuần”', '  tắt: (không có) → có'],
    ],
    [
      'a flow that is gone with its nodes',
      base.filter(({ id, z }) => id !== 't1' && z !== 't1'),
      [
        '- Bỏ luồng “Văn bản đến”',
        ...['“Có văn bản” (lienthong-event-in)', '“Chọn đơn vị” (function)'].map(
          name => `  - bỏ nút ${name}`,
        ),
        ...['“Báo đơn vị” (lienthong-notify)', '“debug (d)” (debug)'].map(name => `  - bỏ nút ${name}`),
      ],
    ],
    [
      'a node moved to another flow, there and once',
      change('d', { z: 't2' }),
      ['~ Sửa luồng “Lịch tuần”', '  ~ sửa nút “debug (d)” (debug), chuyển từ luồng “Văn bản đến” sang'],
    ],
    [
      'a configuration node that all flows share',
      change('k', { url: 'https://chidao2' }),
      [
        '~ Sửa các nút cấu hình dùng chung',
        '  ~ sửa nút “Phần mềm chỉ đạo” (lienthong-app)',
        '      url: “https://chidao” → “https://chidao2”',
      ],
    ],
  ];
  for (const [what, after, lines] of told)
    it(`tells ${what}`, () => assert.deepEqual(text(after).split('\n'), lines));

  it('tells two nodes of one name apart by their ids', () => {
    const twins = [...base, node('e', 'debug', { name: 'Báo đơn vị' })];
    const after = twins.map(old => (old.id === 'b' ? { ...old, wires: [['e']] } : old));
    assert.match(text(after, twins), /nối dây: 1 → “Báo đơn vị \[c\]” → 1 → “Báo đơn vị \[e\]”/);
  });

  it('never holds a secret, whether it stands among the credentials or where it should not', () => {
    const secret = (value: string): FlowContents =>
      [
        ...change('k', { apiKey: value, headers: [{ keyType: 'Authorization', valueValue: value }] }),
        node('e', 'change', { rules: [{ t: 'set', p: 'headers.x-token', to: value }] }),
        tab('t3', 'T', {
          env: [
            { name: 'X', type: 'cred', value },
            { name: 'DB_PASSWORD', type: 'str', value },
          ],
        }),
      ].map(old => ({ ...old, credentials: { user: value } })) as FlowContents;
    const difference = compare(secret('mot-hai-ba'), secret('bon-nam-sau'));
    assert.doesNotMatch(JSON.stringify(difference), /mot-hai-ba|bon-nam-sau/);
    const [changed] = difference.flows.find(({ kind }) => kind === 'config')!.nodes;
    assert.deepEqual(changed!.properties[0], { name: 'apiKey', before: dots, after: dots });
    assert.deepEqual(countChanges({ ...difference, credentials: true }), {
      flows: { added: 0, removed: 0, changed: 3 },
      nodes: { added: 0, removed: 0, changed: 2 },
      credentials: true,
    });
    assert.doesNotMatch(JSON.stringify(toNormalForm(secret('mot-hai-ba'))), /"credentials"/);
  });

  it('is told in English as well, and tells of credentials only that they changed', () => {
    const difference = { ...compare(change('c', { name: 'Tell' })), credentials: true };
    assert.deepEqual(describeDifference('en', difference).split('\n'), [
      '~ Changed: flow “Văn bản đến”',
      '  ~ node “Tell” (lienthong-notify)',
      '      name: “Báo đơn vị” → “Tell”',
      'Credentials were changed (what they are is not shown).',
    ]);
  });
});

function sized(): [after: FlowContents, before: FlowContents] {
  const group = { ...node('g', 'group', { nodes: ['b', 'c'], w: 10, h: 10 }) };
  return [
    [...base, { ...group, w: 20, nodes: ['c', 'b'] }],
    [...base, group],
  ];
}

function portMoved(): [after: FlowContents, before: FlowContents] {
  const subflow = (x: number): FlowNode => ({
    ...{ id: 's', type: 'subflow', name: 'Chung' },
    in: [{ x, y: 10, wires: [{ id: 'b' }] }],
  });
  return [
    [...base, subflow(50)],
    [...base, subflow(10)],
  ];
}
