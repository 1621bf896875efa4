import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ConnectorError } from '#connectors/kit/errors.ts';
import type { NoticesPort } from '#connectors/kit/ports.ts';
import type { ContractCheck } from './contract-check.ts';

export interface NoticesSubject {
  send(notice: Parameters<NoticesPort['send']>[0]): ReturnType<NoticesPort['send']>;
  /** Who gets the test notice. */
  recipient: string;
  /** How many notices with this subject have arrived; unknown at a real app. */
  delivered?(subject: string): Promise<number>;
  /** Only where there are notice boards: a unit with one below it, and who has read a notice of this subject. */
  boards?: { unitCode: string; below: string; readers(subject: string): Promise<string[]> };
}

/** What the notices port promises (see `ports.ts`). */
export const noticesContract: ContractCheck<NoticesSubject>[] = [
  {
    id: 'notices.once',
    title: 'sends one notice for the same one twice, and tells who was accepted',
    async run({ send, recipient, delivered }) {
      const id = randomUUID();
      const notice = {
        id,
        to: [recipient],
        subject: `Kiểm tra Liên Thông <&> ${id}`,
        text: 'Thư kiểm tra, xin bỏ qua.\n.\nMột dòng chỉ có dấu chấm ở trên.',
      };
      assert.deepEqual((await send(notice)).accepted, [recipient]);
      assert.deepEqual((await send(notice)).accepted, [recipient]);
      if (delivered !== undefined) assert.equal(await delivered(notice.subject), 1);
    },
  },
  {
    id: 'notices.units',
    title: 'reaches exactly the unit named and none below it, or refuses units',
    async run({ send, boards }) {
      const id = randomUUID();
      const notice = {
        id,
        to: [],
        units: [boards?.unitCode ?? 'H57.01'],
        subject: `Nội bộ ${id}`,
        text: '.',
      };
      if (boards === undefined) {
        await assert.rejects(
          send(notice),
          (error: unknown) => error instanceof ConnectorError && error.code === 'refused',
        );
        return;
      }
      assert.deepEqual((await send(notice)).accepted, [boards.unitCode]);
      const readers = await boards.readers(notice.subject);
      const below = { ...notice, id: randomUUID(), units: [boards.below], subject: `Nội bộ ${id} dưới` };
      assert.deepEqual((await send(below)).accepted, [boards.below]);
      const readersBelow = await boards.readers(below.subject);
      assert.ok(readers.length > 0 && readersBelow.length > 0, 'both units have people');
      assert.deepEqual(
        readers.filter(reader => readersBelow.includes(reader)),
        [],
      );
    },
  },
];
