import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { NoticesPort } from '#connectors/kit/ports.ts';
import type { ContractCheck } from './contract-check.ts';

export interface NoticesSubject {
  send(notice: Parameters<NoticesPort['send']>[0]): ReturnType<NoticesPort['send']>;
  /** Who gets the test mail. */
  recipient: string;
  /** How many mails with this subject have arrived; unknown at a real app. */
  delivered?(subject: string): Promise<number>;
}

/** What the notices port promises (see `ports.ts`). */
export const noticesContract: ContractCheck<NoticesSubject>[] = [
  {
    id: 'notices.once',
    title: 'sends one mail for the same notice twice, and tells who was accepted',
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
];
