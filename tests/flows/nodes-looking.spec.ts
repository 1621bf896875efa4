import { answers, asks, out, refuses, tryNodes } from '#tests/flows/try-nodes.ts';

describe('Nodes that look up', function () {
  this.timeout(60_000);
  tryNodes([
    {
      title: 'staff sends the first who was found on',
      node: { type: 'lienthong-staff', by: 'code', value: 'payload' },
      message: { payload: 'CB01' },
      outputs: 2,
      more: {
        stubs: [answers('flows.find-staff', [{ id: 's1' }, { id: 's2' }])],
        calls: [
          asks('flows.find-staff', { by: 'code', value: 'CB01' }),
          out(0, { staff: { id: 's1' }, payload: 'CB01' }),
        ],
      },
    },
    {
      title: 'staff sends all of a unit and below on',
      node: {
        type: 'lienthong-staff',
        by: 'unit',
        value: 'u-1',
        valueType: 'unit',
        subtree: true,
        many: true,
        target: 'people',
      },
      message: {},
      outputs: 2,
      more: {
        stubs: [answers('flows.find-staff', [{ id: 's1' }, { id: 's2' }])],
        calls: [
          asks('flows.find-staff', { by: 'unit', unitId: 'u-1', subtree: true }),
          out(0, { people: [{ id: 's1' }, { id: 's2' }] }),
        ],
      },
    },
    {
      title: 'staff goes out below when there is nobody',
      node: { type: 'lienthong-staff', by: 'name', value: 'payload' },
      message: { payload: 'Không Ai' },
      outputs: 2,
      more: {
        stubs: [answers('flows.find-staff', [])],
        calls: [asks('flows.find-staff', {}), out(1, { payload: 'Không Ai' })],
      },
    },
    {
      title: 'staff goes out below when a unit has no head',
      node: { type: 'lienthong-staff', by: 'head', value: 'payload' },
      message: { payload: 'u-1' },
      outputs: 2,
      more: {
        stubs: [refuses('flows.find-head', 'unknown-staff')],
        calls: [asks('flows.find-head', { unitId: 'u-1' }), out(1, {})],
      },
    },
    {
      title: 'staff without a value fails and asks nothing',
      node: { type: 'lienthong-staff', by: 'name', value: 'payload' },
      message: { payload: '' },
      outputs: 2,
      fails: 'msg.payload để trống',
    },
    {
      title: 'unit sends the unit that was found on',
      node: { type: 'lienthong-unit', by: 'name', value: 'payload' },
      message: { payload: 'so noi vu' },
      outputs: 2,
      more: {
        stubs: [answers('flows.find-unit', [{ id: 'u-1' }])],
        calls: [asks('flows.find-unit', { by: 'name', value: 'so noi vu' }), out(0, { unit: { id: 'u-1' } })],
      },
    },
    {
      title: 'unit goes out below when there is none',
      node: { type: 'lienthong-unit', by: 'id', value: 'payload' },
      message: { payload: 'gone' },
      outputs: 2,
      more: {
        stubs: [refuses('flows.find-unit', 'unknown-unit')],
        calls: [asks('flows.find-unit', {}), out(1, {})],
      },
    },
  ]);
});
