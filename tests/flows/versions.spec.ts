import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { toNormalForm } from '#hub/flows/versions/normal-form.ts';
import { inTransaction } from '#hub/platform/database.ts';
import type { AppError } from '#hub/platform/errors.ts';
import { appendEventRows, readHead } from '#hub/platform/event-log-store.ts';
import type { FlowContents, FlowVersion } from '#schemas/flow.ts';
import { audit, inputs } from '#tests/flows/look-store.ts';
import { an, binh, type EditedHub, flowFor, refusedWith, startEdited } from '#tests/flows/play-editors.ts';

describe('Versions of flows', () => {
  let edited: EditedHub;
  const current = (stage: 'sandbox' | 'production' = 'sandbox') =>
    edited.hub.call('flows.current', { stage });
  beforeEach(async () => {
    edited = await startEdited({ flowsReview: true });
  });
  afterEach(() => edited.stop());

  describe('at a deploy', () => {
    it('are made with the name of who deployed, and run in the sandbox at once', async () => {
      assert.equal(await current(), undefined);
      let told = 0;
      edited.hub.context.wake.on('flow-versions', () => {
        told += 1;
      });
      const first = await edited.deploy(an, undefined, flowFor('đơn vị'), { $: 'x' });
      assert.deepEqual(
        [first.authorName, first.stages, first.base],
        ['Nguyễn Văn An', ['sandbox'], undefined],
      );
      const second = await edited.deploy(binh, first.number, flowFor('lãnh đạo'), { $: 'x' });
      assert.equal(second.base, first.number);
      const now = (await current())!;
      assert.deepEqual(now.version, second);
      assert.deepEqual(now.contents, toNormalForm(flowFor('lãnh đạo')));
      assert.deepEqual(now.credentials, { $: 'x' });
      assert.equal(told, 2);
      assert.deepEqual((await audit(edited, 'flow.deployed'))[1], {
        actor: binh.actor,
        detail: {
          ...{ stage: 'sandbox', before: first.number, credentials: false },
          flows: { added: 0, removed: 0, changed: 1 },
          nodes: { added: 0, removed: 0, changed: 1 },
        },
      });
    });

    it('are not made when nothing was changed, also when the answer to the first try was lost', async () => {
      const first = await edited.deploy(an, undefined, flowFor('đơn vị'));
      const shuffled = [...flowFor('đơn vị')].reverse();
      assert.deepEqual(await edited.deploy(binh, first.number, shuffled), first);
      assert.deepEqual(await edited.deploy(an, undefined, flowFor('đơn vị')), first);
      const moved = flowFor('đơn vị', { x: 500 });
      assert.notEqual((await edited.deploy(an, first.number, moved)).number, first.number);
    });

    it('keep text as it is, whatever is in it', async () => {
      const strange = flowFor('a\u0000b \ud800 "\\" Đ', { wait: 1e300, __proto: null });
      await edited.deploy(an, undefined, strange);
      assert.deepEqual((await current())!.contents, toNormalForm(strange));
    });

    it('of two at once one wins, the other is told by whom and when, and what both made is kept', async () => {
      const base = (await edited.deploy(an, undefined, flowFor('đơn vị'))).number;
      const tries = await Promise.allSettled([
        edited.deploy(an, base, flowFor('văn thư')),
        edited.deploy(binh, base, flowFor('lãnh đạo')),
      ]);
      const won = tries.find(({ status }) => status === 'fulfilled') as PromiseFulfilledResult<FlowVersion>;
      const lost = tries.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      assert.ok(won && lost);
      const { code: told, params } = lost.reason as AppError;
      assert.equal(told, 'flow-conflict');
      assert.deepEqual(
        [params.name, params.number, params.base],
        [won.value.authorName, won.value.number, base],
      );
      assert.ok(Math.abs(Date.parse(String(params.at)) - Date.parse(won.value.at)) < 60_000);
      assert.deepEqual((await current())!.version, won.value);
      const kept = await edited.hub.call('flows.read-version', { number: Number(params.kept) });
      const whom = won.value.author === an.actor ? ['Bình', 'lãnh đạo'] : ['An', 'văn thư'];
      assert.ok(kept.version.authorName.endsWith(whom[0]!));
      assert.deepEqual([kept.version.base, kept.version.stages], [base, []]);
      assert.deepEqual(kept.contents, toNormalForm(flowFor(whom[1]!)));
    });

    it('that comes too late is kept once, however often it is tried, and can be brought in', async () => {
      const base = (await edited.deploy(an, undefined, flowFor('đơn vị'))).number;
      await edited.deploy(binh, base, flowFor('lãnh đạo'));
      const late = () =>
        edited.deploy(an, base, flowFor('văn thư')).then(
          () => assert.fail('deployed'),
          (error: AppError) => Number(error.params.kept),
        );
      const kept = await late();
      assert.equal(await late(), kept);
      await edited.hub.call('flows.roll-back', { stage: 'sandbox', version: kept, reason: 'gộp', ...an });
      assert.equal((await current())!.version.number, kept);
    });

    it('is refused when a base is named that never was, or two nodes have one id', async () => {
      await assert.rejects(edited.deploy(an, 99, flowFor('đơn vị')), refusedWith('flow-version-unknown'));
      const twins: FlowContents = [...flowFor('đơn vị'), ...flowFor('đơn vị')];
      await assert.rejects(edited.deploy(an, undefined, twins), refusedWith('invalid-request'));
      assert.equal(await current(), undefined);
    });
  });

  describe('lead events into their flows', () => {
    it('from the end of the log on, as their nodes say', async () => {
      const contents: FlowContents = [
        ...flowFor('đơn vị', {
          types: ['staff.left', 'staff.joined', 'staff.left', 7, 'a\u0000'],
          attempts: 'x',
        }),
        { id: 'off', type: 'tab', disabled: true },
        { id: 'sub', type: 'subflow' },
        { id: 'in2', type: 'lienthong-event-in', z: 'off' },
        { id: 'in3', type: 'lienthong-event-in', z: 'sub' },
        { id: 'in4', type: 'lienthong-event-in', z: 'tab1', d: true },
        { id: 'in5', type: 'lienthong-event-in', z: 'tab1', ordered: false, attempts: 9999 },
      ];
      await edited.deploy(an, undefined, contents);
      const head = await readHead(edited.hub.db);
      const rows = await inputs(edited);
      assert.deepEqual(
        rows.map(({ node, types, ordered, attempts, active }) => ({
          node,
          types,
          ordered,
          attempts,
          active,
        })),
        [
          { node: 'in1', types: ['staff.joined', 'staff.left'], ordered: true, attempts: 5, active: true },
          { node: 'in5', types: [], ordered: false, attempts: 100, active: true },
        ],
      );
      assert.equal(rows[0]!.position, head.position);
      assert.ok(BigInt(rows[0]!.xid) <= BigInt(head.xid));
    });

    it('and go on from the place that is kept when a node comes back or moves to another tab', async () => {
      const { db } = edited.hub;
      const first = await edited.deploy(an, undefined, flowFor('đơn vị'));
      const [begun] = await inputs(edited);
      await inTransaction(db, tx =>
        appendEventRows(tx, [
          ...[
            { type: 'staff.left', subject: 'staff/x', subjectVersion: 1, source: 't', actor: 't', data: {} },
          ],
        ] as never),
      );
      const gone = flowFor('đơn vị').filter(({ id }) => id !== 'in1');
      const second = await edited.deploy(an, first.number, gone);
      assert.deepEqual(await inputs(edited), [{ ...begun, active: false }]);
      const third = await edited.deploy(an, second.number, flowFor('đơn vị', { attempts: 9 }));
      assert.deepEqual(await inputs(edited), [{ ...begun, attempts: 9 }]);
      const place = { xid: '4000000000', position: 77 };
      await sql`update flow_input set xid = ${place.xid}::xid8, position = ${place.position}`.execute(db);
      const elsewhere: FlowContents = [{ id: 'tab2', type: 'tab' }, ...flowFor('đơn vị', { z: 'tab2' })];
      const fourth = await edited.deploy(an, third.number, elsewhere);
      const [old, now] = await inputs(edited);
      assert.deepEqual([old!.flow, old!.active], ['tab1', false]);
      assert.deepEqual(
        [now!.flow, now!.active, now!.xid, now!.position],
        ['tab2', true, ...Object.values(place)],
      );
      await sql`update flow_input set position = 78 where flow = 'tab2'`.execute(db);
      await edited.deploy(an, fourth.number, flowFor('đơn vị'));
      assert.equal(
        (await inputs(edited))[0]!.position,
        78,
        'what was handled in the other tab is not taken in again',
      );
    });
  });

  it('rolled back in the sandbox refuse a deploy from what was there, and name who rolled back', async () => {
    const first = await edited.deploy(an, undefined, flowFor('đơn vị'));
    const second = await edited.deploy(an, first.number, flowFor('lãnh đạo'));
    await edited.hub.call('flows.roll-back', {
      ...{ stage: 'sandbox', version: first.number, reason: 'sai', ...binh },
    });
    const late = edited.deploy(an, second.number, flowFor('văn thư'));
    await assert.rejects(late, (error: AppError) => {
      assert.deepEqual(
        [error.code, error.params.name, error.params.number],
        [...['flow-conflict', 'Trần Thị Bình', first.number]],
      );
      return true;
    });
  });
});
