import assert from 'node:assert/strict';
import { toNormalForm } from '#hub/flows/versions/normal-form.ts';
import type { AppError } from '#hub/platform/errors.ts';
import { audit, inputs } from '#tests/flows/look-store.ts';
import { an, binh, type EditedHub, flowFor, refusedWith, startEdited } from '#tests/flows/play-editors.ts';

describe('Versions of flows come into production', () => {
  let edited: EditedHub;
  const current = () => edited.hub.call('flows.current', { stage: 'production' });
  let version: number;
  const propose = () =>
    edited.hub.call('flows.propose', { version, message: 'chạy thật', ...an }).then(({ number }) => number);
  const review = (number: number, who = binh, approve = true) =>
    edited.hub.call('flows.review', { number, approve, comment: 'đã xem', ...who });
  const promote = (number: number) => edited.hub.call('flows.promote', { number, ...an });
  beforeEach(async () => {
    edited = await startEdited({ flowsReview: true });
    version = (await edited.deploy(an, undefined, flowFor('đơn vị'))).number;
  });

  afterEach(() => edited.stop());

  it('after somebody else than the author has approved, and no sooner', async () => {
    const number = await propose();
    assert.equal(await propose(), number, 'asked twice it is one');
    await assert.rejects(promote(number), refusedWith('flow-review-needed'));
    await assert.rejects(review(number, an), refusedWith('flow-review-own'));
    const spelled = { ...an, actor: an.actor.replace('staff/', '').toUpperCase() };
    await assert.rejects(review(number, spelled), refusedWith('flow-review-own'));
    await assert.rejects(
      review(number, { actor: 'client/tool', actorName: 'x' }),
      refusedWith('flow-review-own'),
    );
    assert.equal(await current(), undefined);
    assert.deepEqual(await inputs(edited, 'production'), []);

    assert.equal((await review(number)).reviewerName, 'Trần Thị Bình');
    const change = await promote(number);
    assert.deepEqual(
      [change.kind, change.version, change.proposal, change.reason],
      ['promotion', version, number, 'chạy thật'],
    );
    assert.deepEqual((await current())!.version.stages, ['production', 'sandbox']);
    assert.equal((await inputs(edited, 'production')).length, 1);
    await assert.rejects(promote(number), refusedWith('flow-proposal-decided'));
    await assert.rejects(review(number), refusedWith('flow-proposal-decided'));
    assert.equal((await audit(edited, 'flow.approved'))[0]!.actor, binh.actor);
    assert.equal((await audit(edited, 'flow.promoted'))[0]!.detail.proposal, number);
  });

  it('not when refused, by the author either', async () => {
    const number = await propose();
    await review(number, an, false);
    await assert.rejects(promote(number), refusedWith('flow-proposal-decided'));
    const { items } = await edited.hub.call('flows.list-proposals', { state: 'refused' });
    assert.deepEqual(
      items.map(item => [item.number, item.comment]),
      [[number, 'đã xem']],
    );
  });

  it('not when production moved meanwhile: what was looked at is not what would happen', async () => {
    const first = await propose();
    await review(first);
    version = (await edited.deploy(an, version, flowFor('lãnh đạo'))).number;
    const second = await propose();
    await review(second);
    const both = await Promise.allSettled([promote(first), promote(second)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    assert.equal((lost.reason as AppError).code, 'flow-proposal-outdated');
    assert.equal(
      (await edited.hub.call('flows.list-stage-changes', { stage: 'production' })).items.length,
      1,
    );
  });

  it('with one person alone where reviews are off, but not after they were switched on', async () => {
    const number = await propose();
    edited.hub.context.config.flowsReview = false;
    await review(number, an);
    edited.hub.context.config.flowsReview = true;
    await assert.rejects(promote(number), refusedWith('flow-review-needed'));
    edited.hub.context.config.flowsReview = false;
    assert.equal((await promote(number)).version, version);
  });

  it('and are rolled back at once to what ran before, with a reason, and the history is kept', async () => {
    const first = version;
    for (const whom of ['đơn vị', 'lãnh đạo']) {
      version = (await edited.deploy(an, version, flowFor(whom))).number;
      const number = await propose();
      await review(number);
      await promote(number);
    }
    const unseen = (await edited.deploy(an, version, flowFor('ai đó'))).number;
    const back = (to: number) =>
      edited.hub.call('flows.roll-back', {
        ...{ stage: 'production' as const, version: to, reason: 'báo nhầm người', ...binh },
      });
    await assert.rejects(back(unseen), refusedWith('flow-never-run'));
    const change = await back(first);
    assert.deepEqual([change.before, change.version, change.kind], [version, first, 'roll-back']);
    assert.deepEqual((await current())!.contents, toNormalForm(flowFor('đơn vị')));
    assert.equal((await back(first)).number, change.number, 'there already');
    const { items, next } = await edited.hub.call('flows.list-stage-changes', {
      ...{ stage: 'production', limit: 2 },
    });
    assert.deepEqual(
      items.map(({ version: to, actorName, reason }) => [to, actorName, reason]),
      [
        [first, 'Trần Thị Bình', 'báo nhầm người'],
        [version, 'Nguyễn Văn An', 'chạy thật'],
      ],
    );
    const rest = await edited.hub.call('flows.list-stage-changes', { stage: 'production', cursor: next! });
    assert.equal(rest.items.at(-1)!.version, first);
    assert.equal((await edited.hub.call('flows.stages', {})).length, 2);
  });
});
