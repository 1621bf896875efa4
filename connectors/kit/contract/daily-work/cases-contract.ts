import assert from 'node:assert/strict';
import type { ContractCheck } from '#connectors/kit/contract/contract-check.ts';
import type { AppCase, CaseAnswering, CitizenCase } from '#schemas/daily-work/citizen-case.ts';
import { failsWith } from './changes-contract.ts';

export interface CasesSubject {
  upsert(mirrored: CitizenCase): Promise<AppCase>;
  answer(answering: CaseAnswering): Promise<AppCase>;
  make(): CitizenCase;
}

/** What the cases port promises beside its lists (see `daily-work-ports.ts`). */
export const casesContract: ContractCheck<CasesSubject>[] = [
  {
    id: 'cases.whole',
    title: 'keeps every field of a case, of each kind',
    async run({ upsert, make }) {
      for (const kind of ['reported', 'voter-opinion', 'question']) {
        const mirrored = { ...make(), kind };
        const { externalId: _, ...held } = await upsert(mirrored);
        assert.deepEqual(held, mirrored);
      }
    },
  },
  {
    id: 'cases.answer',
    title: 'answers once: the same again changes nothing, another answer is a conflict',
    async run({ upsert, answer, make }) {
      const mirrored = make();
      await upsert(mirrored);
      const given = {
        text: 'Đã bố trí vốn sửa đường trong năm 2027.',
        unitCode: mirrored.unitCode!,
        on: '2026-11-20',
        documentNumber: '12/UBND-GT',
      };
      const answered = await answer({ number: mirrored.number, answer: given });
      assert.deepEqual(answered.answer, given);
      assert.deepEqual(await answer({ number: mirrored.number, answer: given }), answered);
      assert.deepEqual(await upsert(mirrored), answered);
      await assert.rejects(
        answer({ number: mirrored.number, answer: { ...given, text: 'Không sửa.' } }),
        failsWith('conflict'),
      );
      await assert.rejects(answer({ number: 'khong-co', answer: given }), failsWith('not-found'));
    },
  },
];
