import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DocumentsPort } from '#connectors/kit/ports.ts';
import type { SentDocument } from '#schemas/document.ts';
import type { ContractCheck } from './contract-check.ts';

export interface DocumentsSubject {
  issued(request: { after?: string; limit: number }): ReturnType<DocumentsPort['issued']>;
  fetch(document: { id: string }): ReturnType<DocumentsPort['fetch']>;
  deliver(arriving: Parameters<DocumentsPort['deliver']>[0]): Promise<void>;
  tell(status: Parameters<DocumentsPort['tell']>[0]): Promise<void>;
  /** Issues a document in the app. */
  issue(documentId: string): Promise<unknown>;
  /** How many documents and statuses the app has of this id. */
  count(documentId: string): Promise<{ documents: number; statuses: number }>;
}

const make = (documentId: string): SentDocument => ({
  documentId,
  from: { organId: '000.00.09.H17', name: 'Sở Thông tin và Truyền thông' },
  to: [{ organId: 'H57.09' }],
  number: '7',
  notation: 'CV',
  issuedOn: '2026-03-02',
  subject: 'V/v phối hợp <&> “kiểm tra”',
  files: [{ name: 'Công văn số 7.pdf', base64: Buffer.alloc(100_000, 'văn bản').toString('base64') }],
});

/** What the documents port promises (see `ports.ts`). */
export const documentsContract: ContractCheck<DocumentsSubject>[] = [
  {
    id: 'documents.list',
    title:
      'lists what was issued, oldest first, each behind the cursor of the one before, and gives it whole',
    async run({ issued, fetch, issue }) {
      const ids: string[] = [randomUUID(), randomUUID(), randomUUID()];
      for (const id of ids) await issue(id);
      const found: string[] = [];
      let after: { after?: string } = {};
      for (let more = true; more; ) {
        const page = await issued({ ...after, limit: 2 });
        for (const { id, cursor } of page.items) {
          const document = await fetch({ id });
          assert.ok(document.files[0]!.base64.length > 0 && document.to.length > 0);
          found.push(document.documentId);
          after = { after: cursor };
        }
        more = page.more;
      }
      assert.deepEqual(
        found.filter(id => ids.includes(id)),
        ids,
      );
      assert.deepEqual((await issued({ ...after, limit: 2 })).items, []);
    },
  },
  {
    id: 'documents.once',
    title: 'takes a document and a status, and twice is once',
    async run({ deliver, tell, count }) {
      const document = make(randomUUID());
      const status = {
        from: document.from,
        about: { organId: 'H57.09', documentId: document.documentId },
        ...{ code: '13', description: 'Gửi nhầm', at: '2026-03-02T08:00:00Z' },
      };
      for (let round = 0; round < 2; round += 1) {
        await deliver({ document, organIds: ['H57.09'] });
        await tell(status);
      }
      assert.deepEqual(await count(document.documentId), { documents: 1, statuses: 1 });
    },
  },
];
