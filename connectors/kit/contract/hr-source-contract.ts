import assert from 'node:assert/strict';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { HrChange, HrSourcePort } from '#connectors/kit/ports.ts';
import { HrRecord } from '#schemas/hr-record.ts';
import type { ContractCheck } from './contract-check.ts';

export interface HrSourceSubject {
  pull(request: { after?: string; limit: number }): ReturnType<HrSourcePort['pull']>;
  pageSize: number;
  /** Changes one person in the HR software. */
  change(): Promise<unknown>;
}

const checkRecord = checkAnswer(HrRecord);

const pullAll = async ({ pull, pageSize }: HrSourceSubject, from?: string): Promise<HrChange[]> => {
  const all: HrChange[] = [];
  let after = from;
  for (;;) {
    const page = await pull({ limit: pageSize, ...(after === undefined ? {} : { after }) });
    assert.ok(page.changes.length <= pageSize, 'a page is no larger than asked');
    if (page.more) assert.notEqual(page.cursor, after, 'the cursor moves on');
    all.push(...page.changes);
    after = page.cursor ?? after;
    if (!page.more) return all;
  }
};
const cursors = (changes: HrChange[]): string[] => changes.map(change => change.cursor);

/** What the hrSource port promises (see `ports.ts`). */
export const hrSourceContract: ContractCheck<HrSourceSubject>[] = [
  {
    id: 'hrSource.pages',
    title: 'tells every change from the beginning once, in pages',
    async run(subject) {
      const all = await pullAll(subject);
      assert.ok(all.length > 0, 'there are changes');
      assert.equal(new Set(cursors(all)).size, all.length, 'no change twice');
      for (const { record, at } of all) {
        checkRecord(record);
        assert.ok(!Number.isNaN(Date.parse(at)), 'when it was changed');
      }
      assert.deepEqual(cursors(await pullAll({ ...subject, pageSize: 1000 })), cursors(all));
    },
  },
  {
    id: 'hrSource.resume',
    title: 'goes on after a cursor, and has nothing after the last one',
    async run(subject) {
      const all = cursors(await pullAll(subject));
      const middle = Math.floor(all.length / 2);
      assert.deepEqual(cursors(await pullAll(subject, all[middle])), all.slice(middle + 1));
      const end = await subject.pull({ after: all.at(-1) as string, limit: 10 });
      assert.deepEqual([end.changes, end.more], [[], false]);
    },
  },
  {
    id: 'hrSource.change',
    title: 'tells a new change after the last cursor, and the old ones as before',
    async run(subject) {
      const before = cursors(await pullAll(subject));
      await subject.change();
      const news = await pullAll(subject, before.at(-1));
      assert.equal(news.length, 1);
      assert.ok(!before.includes(news[0]?.cursor as string));
      assert.equal((await pullAll(subject)).length, before.length + 1);
    },
  },
];
