import { type Language, say } from '#hub/platform/messages.ts';
import { tellProblem } from '#hub/signing-desk/tell-problem.ts';
import { tellTime } from '#hub/signing-desk/tell-time.ts';
import type { DecisionOutcome, WaitingStep } from '#schemas/signing.ts';

/** A document that waits, in words. */
export interface ShownDocument {
  stepId: string;
  url: string;
  title: string;
  /** Which app asks, and what the document is called there. */
  app: string;
  documentId: string;
  /** What kind of document it is. */
  type: string | undefined;
  fileName: string;
  /** Which of its signatures this is, when there are several. */
  place: string | undefined;
  due: string | undefined;
  isLate: boolean;
  /** Whose signature it will be. */
  whose: string;
  /** Why an earlier decision came to nothing. */
  problem: string | undefined;
  numbers: boolean;
  /** The level that is asked for, when it needs a time-stamp that a token's agent must give. */
  level: string | undefined;
}

export const isLate = ({ dueAt }: Pick<WaitingStep, 'dueAt'>, now = new Date()): boolean =>
  dueAt !== undefined && new Date(dueAt) < now;

const tellWhose = ({ signer, onBehalfOf }: WaitingStep, language: Language): string => {
  if ('unitId' in signer) return say(language, 'signing-desk.whose.seal', { unit: signer.name });
  if (onBehalfOf !== undefined) return say(language, 'signing-desk.whose.on-behalf', { name: onBehalfOf });
  return say(language, 'signing-desk.whose.mine');
};

/** `failure`: what was said of it when it was decided together with others. */
export const showDocument = (
  step: WaitingStep,
  language: Language,
  failure?: DecisionOutcome,
): ShownDocument => {
  const failed = failure ?? (step.reason === undefined ? undefined : { code: step.reason });
  return {
    stepId: step.stepId,
    url: `/signing/documents/${step.stepId}`,
    title: step.title,
    app: step.app,
    documentId: step.documentId,
    type: step.documentType,
    fileName: step.fileName,
    place:
      step.of > 1 ? say(language, 'signing-desk.place', { position: step.position, of: step.of }) : undefined,
    due: step.dueAt && tellTime(step.dueAt, language),
    isLate: isLate(step),
    whose: tellWhose(step, language),
    problem: failed && tellProblem(failed, language),
    numbers: step.numbers,
    level: step.level === 'B-T' || step.level === 'B-LT' ? step.level : undefined,
  };
};
