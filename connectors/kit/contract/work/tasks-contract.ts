import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ContractCheck } from '#connectors/kit/contract/contract-check.ts';
import type { AppTask, Task, TaskClosing } from '#schemas/work/task.ts';
import { failsWith } from './changes-contract.ts';

export interface TasksSubject {
  upsert(task: Task): Promise<AppTask>;
  close(closing: TaskClosing): Promise<AppTask>;
  make(): Task;
}

/** What the tasks port promises beside its lists (see `work-ports.ts`). */
export const tasksContract: ContractCheck<TasksSubject>[] = [
  {
    id: 'tasks.whole',
    title: 'keeps every field of a task',
    async run({ upsert, make }) {
      const task = make();
      const { externalId: _, ...held } = await upsert(task);
      assert.deepEqual(held, task);
    },
  },
  {
    id: 'tasks.progress',
    title: 'takes progress, and leaves it alone when none is given',
    async run({ upsert, make }) {
      const { progress, ...task } = make();
      assert.deepEqual((await upsert(task)).progress, { state: 'open', percent: 0 });
      assert.deepEqual((await upsert({ ...task, progress: progress! })).progress, progress);
      assert.deepEqual((await upsert(task)).progress, progress);
    },
  },
  {
    id: 'tasks.close',
    title: 'closes a task, twice as once, and knows none of an unknown id',
    async run({ upsert, close, make }) {
      const task = make();
      await upsert(task);
      const closing = { id: task.id, outcome: 'done', note: 'Đã xong' };
      const closed = await close(closing);
      assert.deepEqual(closed.progress, { state: 'done', percent: 100, note: 'Đã xong' });
      assert.deepEqual(await close(closing), closed);
      await assert.rejects(close({ id: randomUUID(), outcome: 'cancelled' }), failsWith('not-found'));
    },
  },
];
