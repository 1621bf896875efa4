import type { Language } from '#hub/platform/messages.ts';
import type { ChosenDocument, DecisionRow } from '#hub/signing-desk/decision-store.ts';
import { tellProblem } from '#hub/signing-desk/tell-problem.ts';

/** What came of a decision, document by document. */
interface ShownOutcomes {
  done: ChosenDocument[];
  failed: (ChosenDocument & { problem: string })[];
  /** The one thing that kept all of them; undefined: something was decided, or they have different troubles. */
  common: string | undefined;
}

/** Pure. A document of which nothing was said was not decided. */
export const showOutcomes = (
  { documents, outcomes }: Pick<DecisionRow, 'documents' | 'outcomes'>,
  language: Language,
): ShownOutcomes => {
  const told = new Map((outcomes ?? []).map(outcome => [outcome.stepId, outcome]));
  const done = documents.filter(({ stepId }) => told.get(stepId)?.ok);
  const failed = documents.flatMap(document => {
    const outcome = told.get(document.stepId);
    return outcome === undefined || outcome.ok
      ? []
      : [{ ...document, problem: tellProblem(outcome, language) }];
  });
  const problems = new Set(failed.map(({ problem }) => problem));
  return { done, failed, common: done.length === 0 && problems.size === 1 ? [...problems][0] : undefined };
};
