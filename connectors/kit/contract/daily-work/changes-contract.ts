import assert from 'node:assert/strict';
import type { ContractCheck } from '#connectors/kit/contract/contract-check.ts';
import type { Change, Changes } from '#connectors/kit/daily-work-ports.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import type { ChangesRequest } from '#schemas/daily-work/changes-request.ts';

/** What an app holds of a piece of work, in every port that lists changes. */
export interface Held {
  externalId: string;
  title: string;
  dueOn?: string;
}
/** A piece of work as the hub wants it. */
export interface Wanted {
  externalId?: string;
  title: string;
  dueOn?: string;
}
export interface ChangesSubject {
  upsert(wanted: Wanted): Promise<Held>;
  list(request: ChangesRequest): Promise<Changes<Held>>;
  /** A new one every time, with a deadline. */
  make(): Wanted;
  /** The hub's id or number of what is held. */
  keyOf(held: object): string | undefined;
  /** Somebody makes one in the app itself, or changes the one of this id there; answers its id. */
  byHand(externalId?: string): Promise<string>;
}

/** An assertion that a call fails with a kit error. */
export const failsWith = (code: ConnectorErrorCode) => (error: unknown) => {
  assert.ok(error instanceof ConnectorError, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};

const listAll = async (subject: ChangesSubject, after?: string, limit = 100): Promise<Change<Held>[]> => {
  const all: Change<Held>[] = [];
  let cursor = after;
  for (;;) {
    const page = await subject.list({ limit, ...(cursor === undefined ? {} : { after: cursor }) });
    assert.ok(page.items.length <= limit, 'a page is no larger than asked');
    all.push(...page.items);
    if (!page.more) return all;
    assert.ok(page.items.length > 0, 'a page before others is not empty');
    cursor = page.items.at(-1)!.cursor;
  }
};
const ids = (changes: Change<Held>[]): string[] => changes.map(({ item }) => item.externalId);

/** What every port promises that writes work and lists its changes (see `daily-work-ports.ts`). */
export const changesContract = (port: string): ContractCheck<ChangesSubject>[] => [
  {
    id: `${port}.once`,
    title: 'makes one thing of the same id twice, and changes that one',
    async run(subject) {
      const wanted = subject.make();
      const first = await subject.upsert(wanted);
      assert.equal(subject.keyOf(first), subject.keyOf(wanted));
      assert.deepEqual(await subject.upsert(wanted), first);
      const title = 'Đề nghị <b>“báo cáo”</b> & trả lời ]]> trước hạn – lần 2';
      const changed = await subject.upsert({ ...wanted, title });
      assert.deepEqual(changed, { ...first, title });
      assert.equal(ids(await listAll(subject)).filter(id => id === first.externalId).length, 1);
    },
  },
  {
    id: `${port}.keeps`,
    title: 'keeps what is not mentioned',
    async run(subject) {
      const wanted = subject.make();
      const first = await subject.upsert(wanted);
      assert.ok(first.dueOn !== undefined);
      const { dueOn: _, ...rest } = wanted;
      assert.deepEqual(await subject.upsert(rest), first);
    },
  },
  {
    id: `${port}.changes`,
    title: 'lists changes in pages after a cursor, and is quiet when nothing has changed',
    async run(subject) {
      const made = [];
      for (const _ of [1, 2, 3, 4, 5]) {
        const wanted = subject.make();
        made.push({ wanted, held: await subject.upsert(wanted) });
      }
      const all = await listAll(subject, undefined, 2);
      assert.equal(new Set(all.map(({ cursor }) => cursor)).size, all.length, 'no change twice');
      assert.deepEqual(
        ids(all).slice(-5),
        made.map(({ held }) => held.externalId),
      );
      for (const { at } of all) assert.ok(!Number.isNaN(Date.parse(at)));
      const middle = Math.floor(all.length / 2);
      assert.deepEqual(await listAll(subject, all[middle]!.cursor), all.slice(middle + 1));
      const last = all.at(-1)!.cursor;
      await subject.upsert(made[0]!.wanted);
      assert.deepEqual(await listAll(subject, last), []);
      const title = 'Đã sửa';
      await subject.upsert({ ...made[0]!.wanted, title });
      const [news, ...more] = await listAll(subject, last);
      assert.deepEqual(
        [news?.item.externalId, news?.item.title, more],
        [made[0]!.held.externalId, title, []],
      );
    },
  },
  {
    id: `${port}.by-hand`,
    title: 'lists what people make and change in the app, and gives it the id of the hub',
    async run(subject) {
      const before = (await listAll(subject)).at(-1)?.cursor;
      const externalId = await subject.byHand();
      const [made, ...others] = await listAll(subject, before);
      assert.deepEqual([made?.item.externalId, others], [externalId, []]);
      assert.equal(subject.keyOf(made!.item), undefined);
      const wanted = { ...subject.make(), externalId };
      assert.equal((await subject.upsert(wanted)).externalId, externalId);
      const [adopted] = await listAll(subject, made!.cursor);
      assert.equal(subject.keyOf(adopted!.item), subject.keyOf(wanted));
      await subject.byHand(externalId);
      const [moved, ...rest] = await listAll(subject, adopted!.cursor);
      assert.deepEqual([moved?.item.externalId, rest], [externalId, []]);
      assert.notDeepEqual(moved!.item, adopted!.item);
      await assert.rejects(subject.upsert({ ...subject.make(), externalId }), failsWith('conflict'));
    },
  },
  {
    id: `${port}.bad-cursor`,
    title: 'refuses a cursor that is none of the app',
    run: ({ list }) =>
      assert.rejects(list({ after: 'khong-phai', limit: 10 }), failsWith('refused')) as Promise<void>,
  },
  {
    id: `${port}.bad-day`,
    title: 'refuses a day that no calendar has',
    async run(subject) {
      await assert.rejects(subject.upsert({ ...subject.make(), dueOn: '2026-02-31' }), failsWith('refused'));
    },
  },
];
