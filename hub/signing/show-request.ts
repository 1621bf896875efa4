import type { Database } from '#hub/platform/database.ts';
import { isBeingSigned } from '#hub/signing/being-signed.ts';
import type { RequestRow } from '#hub/signing/request-store.ts';
import { type StepRow, stepsOf } from '#hub/signing/step-store.ts';
import type { SigningRequest, SigningState, SigningStep } from '#schemas/signing.ts';

const showStep = (step: StepRow): SigningStep => ({
  id: step.id,
  position: step.position,
  signer: step.staffId === null ? { unitId: step.unitId! } : { staffId: step.staffId },
  level: step.level,
  state: step.state,
  ...(step.reason === null ? {} : { reason: step.reason.text ?? step.reason.code }),
  ...(step.decidedBy === null ? {} : { decidedBy: step.decidedBy }),
  ...(step.signedAt === null ? {} : { signedAt: step.signedAt.toISOString() }),
});

/** How far a request is: while it is somebody's turn, how far that turn is. Pure. */
export const stateOf = (request: Pick<RequestRow, 'state'>, steps: Pick<StepRow, 'state'>[]): SigningState =>
  request.state === 'waiting' ? (steps.find(isBeingSigned)?.state ?? 'waiting') : request.state;

/** Requests as the app that asked sees them, in their order. */
export const showRequests = async (db: Database, requests: RequestRow[]): Promise<SigningRequest[]> => {
  const steps = Map.groupBy(
    await stepsOf(
      db,
      requests.map(({ id }) => id),
    ),
    ({ requestId }) => requestId,
  );
  return requests.map(request => {
    const own = steps.get(request.id) ?? [];
    return {
      id: request.id,
      ...(request.batchId === null ? {} : { batchId: request.batchId }),
      appId: request.appId,
      documentId: request.documentId,
      title: request.title,
      ...(request.documentType === null ? {} : { documentType: request.documentType }),
      fileName: request.fileName,
      state: stateOf(request, own),
      ...(request.reason === null ? {} : { reason: request.reason.text ?? request.reason.code }),
      ...(request.dueAt === null ? {} : { dueAt: request.dueAt.toISOString() }),
      createdAt: request.createdAt.toISOString(),
      steps: own.map(showStep),
      ...(request.number === null ? {} : { number: request.number }),
      ...(request.issuedOn === null ? {} : { issuedOn: request.issuedOn }),
      original: request.original,
      current: request.current,
    };
  });
};
