import { createHash } from 'node:crypto';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type AgentCallRow, keepBrought, keepRefusal, useBring } from '#hub/signing/agent/call-store.ts';
import type { UploadProblem } from '#hub/signing/agent/check-upload.ts';
import { judgeUpload } from '#hub/signing/agent/judge-upload.ts';
import { demandRight } from '#hub/signing/demand-right.ts';
import { demandRoom } from '#hub/signing/demand-room.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { byWhom, delegationIn } from '#hub/signing/may-decide.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { findRequests, type RequestRow, setNumbers } from '#hub/signing/request-store.ts';
import type { StepRow } from '#hub/signing/step-store.ts';
import { subjectOf } from '#hub/signing/tell.ts';
import { openTicketsOf } from '#hub/signing/tickets/ticket-store.ts';
import type { SigningLevel } from '#schemas/signing.ts';

export type AgentContext = Pick<PartContext, 'db' | 'call' | 'wake'> & { workers: FileWorkers };

/** What an agent is to sign, as it goes out. */
interface AgentFile {
  step: StepRow;
  request: RequestRow;
  /** By which somebody else signs; null: none is needed. */
  delegationId: string | null;
  pdf: Buffer;
}

/**
 * The file of a call, while its step waits for this person.
 *
 * @throws AppError `signing-step-not-waiting`, `delegation-limit-reached`
 */
export const agentFile = async (
  context: Pick<PartContext, 'db' | 'call'>,
  { stepId, approver, baseParts, increment }: AgentCallRow,
): Promise<AgentFile> => {
  const { db } = context;
  const { step, right } = await demandRight(context, approver, stepId);
  const [request] = await findRequests(db, [step.requestId]);
  if (request?.parts !== baseParts) throw new AppError('signing-step-not-waiting');
  const pdf = Buffer.concat([await readFile(db, request), increment]);
  return { step, request, delegationId: delegationIn(right), pdf };
};

/**
 * The level that is reached. The hub's own time-stamp over the file (B-LTA) makes up for one that the agent did not give; for B-T and B-LT
 * there is none.
 */
const levelOf = ({ level }: StepRow, timeStamp: Buffer | null): SigningLevel =>
  timeStamp === null && level !== 'B-LTA' ? 'B-B' : level;

/** Whether the token was reported broken since it was called: whoever has it now need not be its holder. */
const isReported = async (
  db: Database,
  step: StepRow,
  { route, approver }: AgentCallRow,
): Promise<boolean> => {
  const tickets = await openTicketsOf(db, { ...step, ...byWhom(step, approver) });
  return tickets.some(({ routeId }) => routeId === route);
};

/**
 * Takes what an agent brought. Only a good one spends the address and counts as the person's approval; a refused one changes nothing.
 *
 * @throws AppError `signing-upload-refused` with the problem as its fault; `signing-step-not-waiting`; `signing-pass-spent`
 */
export const takeUpload = async (
  context: AgentContext,
  call: AgentCallRow,
  upload: Buffer,
): Promise<void> => {
  const { db, wake } = context;
  const { step, request, delegationId, pdf } = await agentFile(context, call);
  const refuse = async (problem: UploadProblem): Promise<never> => {
    await keepRefusal(db, call.id, problem);
    throw new AppError('signing-upload-refused', {}, { faults: [{ code: problem }] });
  };
  const judged = await judgeUpload(context, { prepared: pdf, upload, userId: call.userId });
  if ('problem' in judged) return refuse(judged.problem);
  if (await isReported(db, step, call)) return refuse('upload-token-reported');
  const { signer, others, timeStamp } = judged;
  const base64 = (der: Buffer): string => der.toString('base64');
  await inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOf(request.id)]);
    if (!(await useBring(tx, call.id, createHash('sha256').update(upload).digest())))
      throw new AppError('signing-pass-spent');
    const isKept = await keepBrought(tx, {
      ...{ id: step.id, staffId: step.staffId, decidedBy: call.approver, delegationId, timeStamp },
      ...{ route: call.route, userId: call.userId },
      level: levelOf(step, timeStamp),
      credential: {
        ...{ id: signer.serial, status: 'active', asks: ['token'], maxHashes: 1 },
        certificate: base64(signer.der),
        chain: others.filter(der => !der.equals(signer.der)).map(base64),
      },
      increment: Buffer.concat([call.increment, upload.subarray(pdf.length)]),
      baseParts: call.baseParts,
    });
    if (!isKept) throw new AppError('signing-step-not-waiting');
    await demandRoom(tx, [delegationId]);
    const { number, issuedOn: date } = call;
    if (number !== null && date !== null) await setNumbers(tx, [{ requestId: request.id, number, date }]);
    await appendAudit(tx, {
      actor: `staff/${call.approver}`,
      action: 'signing.approved',
      object: `signing-step/${step.id}`,
      detail: {
        ...{ steps: [step.id], route: call.route },
        ...(delegationId === null ? {} : { onBehalfOf: [step.staffId] }),
      },
    });
  });
  wake.notify('signing');
};
