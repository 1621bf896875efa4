import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ContractCheck } from '#connectors/kit/contract/contract-check.ts';
import type { Changes } from '#connectors/kit/daily-work-ports.ts';
import type { AppTask, Task, TaskClosing, TaskQuery } from '#schemas/daily-work/task.ts';
import { failsWith } from './changes-contract.ts';

export interface TasksSubject {
  upsert(task: Task): Promise<AppTask>;
  close(closing: TaskClosing): Promise<AppTask>;
  list(query: TaskQuery): Promise<Changes<AppTask>>;
  make(): Task;
  staffCode: string;
  otherStaffCode: string;
}

/** What the tasks port promises beside its lists (see `daily-work-ports.ts`). */
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
    id: 'tasks.narrow',
    title: 'lists the open tasks of one person',
    async run({ upsert, close, list, make, staffCode, otherStaffCode }) {
      const put = async (assignees: string[]): Promise<string> => {
        const { id } = await upsert({ ...make(), assignees });
        return id!;
      };
      const mine = await put([otherStaffCode, staffCode]);
      const theirs = await put([otherStaffCode]);
      const done = await put([staffCode]);
      await close({ id: done, outcome: 'done' });
      const idsOf = async (query: Omit<TaskQuery, 'limit'>): Promise<(string | undefined)[]> =>
        (await list({ limit: 200, ...query })).items.map(({ item }) => item.id);
      const open = await idsOf({ assignee: staffCode, open: true });
      assert.deepEqual(
        [mine, theirs, done].map(id => open.includes(id)),
        [true, false, false],
      );
      const all = await idsOf({ assignee: staffCode });
      assert.deepEqual(
        [mine, theirs, done].map(id => all.includes(id)),
        [true, false, true],
      );
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
