import { CscError } from '#hub/key-service/csc/csc-error.ts';

/** Signatures come with the answer (`operationMode` S, 2.0 §11.10); whoever asks to fetch them later is told so. @throws CscError */
export const demandSynchronous = ({ operationMode = 'S' }: { operationMode?: string }): void => {
  if (operationMode !== 'S') throw new CscError('Invalid parameter operationMode: only S is offered');
};
