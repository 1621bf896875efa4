import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ContractCheck } from '#connectors/kit/contract/contract-check.ts';
import type { AppDirective, Directive, DirectiveProgress } from '#schemas/daily-work/directive.ts';
import { failsWith } from './changes-contract.ts';

export interface DirectivesSubject {
  upsert(directive: Directive): Promise<AppDirective>;
  setProgress(wanted: DirectiveProgress): Promise<AppDirective>;
  make(): Directive;
}

/** What the directives port promises beside its lists (see `daily-work-ports.ts`). */
export const directivesContract: ContractCheck<DirectivesSubject>[] = [
  {
    id: 'directives.whole',
    title: 'keeps every field of an entry',
    async run({ upsert, make }) {
      const directive = make();
      const { externalId: _, ...held } = await upsert(directive);
      assert.deepEqual(held, directive);
    },
  },
  {
    id: 'directives.progress',
    title: 'sets progress, which the next upsert without one leaves alone',
    async run({ upsert, setProgress, make }) {
      const { progress: _, ...directive } = make();
      assert.deepEqual((await upsert(directive)).progress, { state: 'open', percent: 0 });
      const progress = { state: 'done', percent: 100, note: 'Xong' };
      const set = await setProgress({ id: directive.id, progress });
      assert.deepEqual(set.progress, progress);
      assert.deepEqual(await setProgress({ id: directive.id, progress }), set);
      assert.deepEqual(await upsert(directive), set);
      await assert.rejects(setProgress({ id: randomUUID(), progress }), failsWith('not-found'));
    },
  },
];
