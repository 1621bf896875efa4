import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { ConnectorError } from '#connectors/kit/errors.ts';
import type { SigningSourcePort } from '#connectors/kit/ports.ts';
import type { ContractCheck } from './contract-check.ts';

export interface SigningSourceSubject {
  fetch(document: { documentId: string }): ReturnType<SigningSourcePort['fetch']>;
  putBack(document: Parameters<SigningSourcePort['putBack']>[0]): Promise<void>;
  /** Makes a draft in the app. */
  draft(file: { id: string; fileName: string; base64: string }): Promise<unknown>;
  /** What people see of the document in the app. */
  see(id: string): Promise<{ number: string; issuedOn: string; version: number }>;
}

const makeFile = (bytes = 50_000) => ({
  id: `VB-${randomUUID()}`,
  fileName: 'Tờ trình số 1 – “Ủy ban”.pdf',
  base64: randomBytes(bytes).toString('base64'),
});

/** What the signingSource port promises (see `ports.ts`). */
export const signingSourceContract: ContractCheck<SigningSourceSubject>[] = [
  {
    id: 'signingSource.bytes',
    title: 'gives the file of a document byte for byte, with its name',
    async run({ fetch, draft }) {
      const file = makeFile(1_500_000);
      await draft(file);
      const { fileName, base64, mediaType } = await fetch({ documentId: file.id });
      assert.deepEqual([fileName, mediaType], [file.fileName, 'application/pdf']);
      assert.ok(Buffer.from(base64, 'base64').equals(Buffer.from(file.base64, 'base64')));
    },
  },
  {
    id: 'signingSource.put-back',
    title: 'puts the signed file in its place with number and day, and twice is once',
    async run({ fetch, putBack, draft, see }) {
      const file = makeFile();
      await draft(file);
      const signed = randomBytes(60_000).toString('base64');
      const { id: documentId, fileName } = file;
      const given = { documentId, fileName, base64: signed, number: '12/QĐ-UBND', date: '2026-03-01' };
      await putBack(given);
      await putBack(given);
      assert.equal((await fetch({ documentId })).base64, signed);
      const { number, issuedOn, version } = await see(documentId);
      assert.deepEqual([number, version], ['12/QĐ-UBND', 2]);
      assert.ok(['2026-03-01', '01/03/2026'].includes(issuedOn));
    },
  },
  {
    id: 'signingSource.unknown',
    title: 'says not-found for a document that the app does not have',
    async run({ fetch, putBack }) {
      const notFound = (error: unknown) => error instanceof ConnectorError && error.code === 'not-found';
      await assert.rejects(fetch({ documentId: 'khong-co' }), notFound);
      await assert.rejects(putBack({ documentId: 'khong-co', fileName: 'a.pdf', base64: 'YQ==' }), notFound);
    },
  },
];
