import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ContractCheck } from '#connectors/kit/contract/contract-check.ts';
import { failsWith } from '#connectors/kit/contract/daily-work/changes-contract.ts';
import type { Ports } from '#connectors/kit/ports.ts';
import type { Dossier, DossierQuery, ExtensionProposal } from '#schemas/daily-work/dossier.ts';

export interface DossiersSubject {
  list(query: DossierQuery): Promise<{ items: Dossier[]; next?: string }>;
  proposeExtension(proposal: ExtensionProposal): Promise<Dossier>;
  /** An officer takes in a dossier that is due on 2026-12-10, or settles the one of this code; answers its code. */
  byHand(code?: string): Promise<string>;
  /** The app's letters, to be signed. */
  files: Ports['signingSource'];
}

const context = () => ({ signal: AbortSignal.timeout(20_000) });

const listAll = async ({ list }: DossiersSubject, dueUntil: string, limit = 100): Promise<Dossier[]> => {
  const all: Dossier[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ dueUntil, limit, ...(cursor === undefined ? {} : { cursor }) });
    assert.ok(page.items.length <= limit, 'a page is no larger than asked');
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
};

/** What the dossiers port promises (see `daily-work-ports.ts`). */
export const dossiersContract: ContractCheck<DossiersSubject>[] = [
  {
    id: 'dossiers.near',
    title: 'lists open dossiers whose day is near, soonest first, in pages of any size',
    async run(subject) {
      const codes = [await subject.byHand(), await subject.byHand(), await subject.byHand()];
      const near = await listAll(subject, '2026-12-10');
      for (const code of codes) assert.ok(near.some(one => one.code === code));
      assert.deepEqual(await listAll(subject, '2026-12-10', 1), near);
      const days = near.map(({ dueOn }) => dueOn);
      assert.deepEqual(days, days.toSorted());
      const before = await listAll(subject, '2026-12-09');
      assert.ok(!before.some(({ code }) => codes.includes(code)), 'none that is due later');
      await subject.byHand(codes[0]);
      assert.ok(!(await listAll(subject, '2026-12-10')).some(({ code }) => code === codes[0]));
    },
  },
  {
    id: 'dossiers.extension',
    title: 'proposes one extension at a time, whose day holds once its letter is put back signed',
    async run(subject) {
      const code = await subject.byHand();
      const proposal = { id: randomUUID(), code, dueOn: '2026-12-20', reason: 'Chờ ý kiến của Sở Tài chính' };
      const proposed = await subject.proposeExtension(proposal);
      assert.equal(proposed.dueOn, '2026-12-10');
      assert.deepEqual(await subject.proposeExtension(proposal), proposed);
      const { documentId, ...extension } = proposed.extension!;
      assert.deepEqual(extension, { id: proposal.id, dueOn: '2026-12-20', state: 'proposed' });
      await assert.rejects(
        subject.proposeExtension({ ...proposal, id: randomUUID() }),
        failsWith('conflict'),
      );
      const letter = await subject.files.fetch({ documentId }, context());
      assert.equal(letter.mediaType, 'application/pdf');
      const signed = { documentId, fileName: letter.fileName, base64: btoa('signed'), date: '2026-12-01' };
      await subject.files.putBack(signed, context());
      const accepted = (await listAll(subject, '2026-12-20')).find(one => one.code === code);
      assert.deepEqual([accepted?.dueOn, accepted?.extension?.state], ['2026-12-20', 'accepted']);
      assert.deepEqual(await subject.proposeExtension(proposal), accepted);
    },
  },
  {
    id: 'dossiers.refusals',
    title: 'knows no dossier of an unknown code, and refuses an earlier day',
    async run(subject) {
      const code = await subject.byHand();
      const proposal = { id: randomUUID(), code, dueOn: '2026-12-01', reason: 'Lý do' };
      await assert.rejects(subject.proposeExtension(proposal), failsWith('refused'));
      await assert.rejects(
        subject.proposeExtension({ ...proposal, code: 'KHONG-CO' }),
        failsWith('not-found'),
      );
    },
  },
];
