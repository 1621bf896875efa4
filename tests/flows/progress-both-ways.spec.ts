import assert from 'node:assert/strict';
import type { AppDirective } from '#schemas/daily-work/directive.ts';
import type { Progress } from '#schemas/daily-work/progress.ts';
import type { AppTask } from '#schemas/daily-work/task.ts';
import { type FlowAtWork, startWithApps } from '#tests/flows/start-with-apps.ts';

const flowId = 'van-ban-den-giao-viec';
const id = 'vb.0197f0aa-0000-7000-8000-00000000d001.0197f0aa-0000-7000-8000-00000000a001';
const source = { kind: 'document', number: '12/UBND-TH' };
const given = { number: source.number, title: 'Báo cáo cải cách hành chính', dueOn: '2026-12-20', source };

describe('Progress of what a document asks for', function () {
  this.timeout(90_000);
  let flow: FlowAtWork;
  before(async () => {
    flow = await startWithApps(flowId, ['operations-page', 'directives']);
    const task = { ...given, unitCodes: ['H57.02'], assignees: ['HUE-0001'] };
    const progress = { state: 'open', percent: 0 };
    await flow.hub.call('flows.write-state', {
      ...{ stage: 'sandbox', flow: flowId, key: `viec/${id}`, value: { task, progress } },
    });
    await flow.ask('operations-page', 'tasks', 'upsert', { id, ...task });
    await flow.ask('directives', 'directives', 'upsert', { id, ...given, unitCode: 'H57.02' });
  });
  after(() => flow?.stop());

  const tell = async () => {
    const [task] = await flow.list<AppTask>('operations-page', 'tasks');
    const [directive] = await flow.list<AppDirective>('directives', 'directives');
    return { task: task!, directive: directive! };
  };
  const isBoth = (progress: Progress) =>
    flow.until(`both are at ${progress.percent}`, async () => {
      const { task, directive } = await tell();
      return [task, directive].every(
        ({ item }) => JSON.stringify(item.progress) === JSON.stringify(progress),
      );
    });
  const onPage = async (progress: Progress) => {
    const { externalId: _, ...task } = (await tell()).task.item;
    await flow.ask('operations-page', 'tasks', 'upsert', { ...task, progress });
  };

  it('goes from the operations page to the directive software', async () => {
    const half = { state: 'in-progress', percent: 50, note: 'Đang tổng hợp' };
    await onPage(half);
    await isBoth(half);
  });
  it('goes from the directive software to the operations page, where people keep their task', async () => {
    const more = { state: 'in-progress', percent: 80, note: 'Chờ ký' };
    await flow.ask('directives', 'directives', 'setProgress', { id, progress: more });
    await isBoth(more);
    assert.deepEqual((await tell()).task.item.assignees, ['HUE-0001']);
  });
  it('comes to one and to rest when both change at once', async () => {
    await Promise.all([
      onPage({ state: 'in-progress', percent: 90, note: 'Trang' }),
      flow.ask('directives', 'directives', 'setProgress', {
        ...{ id, progress: { state: 'in-progress', percent: 95, note: 'Ý kiến' } },
      }),
    ]);
    await flow.rest();
    const { task, directive } = await tell();
    assert.deepEqual(task.item.progress, directive.item.progress);
  });
});
