import { randomUUID } from 'node:crypto';
import PQueue from 'p-queue';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { isOnToken } from '#hub/signing/agent/token-key.ts';
import { demandRoom } from '#hub/signing/demand-room.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { readLooks } from '#hub/signing/looks.ts';
import { allotRights, byWhom, delegationIn, isAllowed, powersOf, whyNot } from '#hub/signing/may-decide.ts';
import { type PreparedStep, prepareStep } from '#hub/signing/prepare-step.ts';
import { refuse } from '#hub/signing/refuse.ts';
import { findRequests, type RequestRow, setNumbers } from '#hub/signing/request-store.ts';
import { listRoutes } from '#hub/signing/route-store.ts';
import { chooseKey } from '#hub/signing/signers/choose-key.ts';
import type { HeldKeys } from '#hub/signing/signers/held-keys.ts';
import { nameOfAsked } from '#hub/signing/signers/may-serve.ts';
import { hasService, signerOf } from '#hub/signing/signers/signer-of.ts';
import { authoriseSteps, type ChosenKey, type WaitingRow, waitingSteps } from '#hub/signing/step-store.ts';
import { subjectOf } from '#hub/signing/tell.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { signingCommands } from '#schemas/commands/signing.ts';
import type { DecisionOutcome } from '#schemas/signing.ts';

export type Decision = ParamsOf<(typeof signingCommands)['signing.decide']>;
type DecideContext = Pick<PartContext, 'db' | 'call' | 'secrets' | 'wake'> & {
  workers: FileWorkers;
  keys: HeldKeys;
};

/** The most hashes of one authorisation, whatever the service allows. */
const atOnce = 300;

/** Files held in memory at once: enough that neither database nor workers wait. */
const filesAtOnce = 8;

const failed = (stepId: string, error: unknown): DecisionOutcome => {
  if (!(error instanceof AppError)) throw error;
  return { stepId, ok: false, code: error.code, params: error.params, message: error.message };
};

/** Steps with the same key are authorised together: one PIN, one confirmation on the phone. */
const byKey = (prepared: PreparedStep[]): PreparedStep[][] => {
  const groups = new Map<string, PreparedStep[]>();
  for (const step of prepared) {
    const { route, userId, credential } = step.key;
    const name = JSON.stringify([route, userId, credential.id]);
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(step);
  }
  return [...groups.values()].flatMap(group => {
    const size = Math.max(1, Math.min(atOnce, group[0]!.key.credential.maxHashes));
    return Array.from({ length: Math.ceil(group.length / size) }, (_, n) =>
      group.slice(n * size, (n + 1) * size),
    );
  });
};

/** Asks the service for leave and keeps it; all of the group or none. */
const authoriseGroup = async (
  { db, call, secrets, keys }: DecideContext,
  decision: Decision,
  group: PreparedStep[],
  delegationOf: (step: { id: string }) => string | null,
): Promise<void> => {
  const { key } = group[0]!;
  const route = (await listRoutes(db)).filter(hasService).find(({ id }) => id === key.route)!;
  const transactionId = randomUUID();
  const { step } = group[0]!;
  const asked = signerOf({ db, call }, route).authorise(
    {
      credentialId: key.credential.id,
      userId: key.userId,
      transactionId,
      title: group.length === 1 ? group[0]!.request.title : `${group.length} văn bản`,
      hashes: group.map(({ hash }) => hash.toString('base64')),
      documents: group.map(({ request }) => request.fileName),
      ...(decision.pin === undefined ? {} : { pin: decision.pin }),
      ...(decision.otp === undefined ? {} : { otp: decision.otp }),
    },
    { staffId: decision.staffId, factorAt: decision.factorAt },
  );
  const { session, expiresAt } = await asked.catch(error => {
    keys.forget(route, { ...step, ...byWhom(step, decision.staffId) });
    throw error;
  });
  await inTransaction(db, async tx => {
    await lockSubjects(
      tx,
      group.map(({ request }) => subjectOf(request.id)),
    );
    const sealed = secrets.seal('signing-session', session);
    const count = await authoriseSteps(
      tx,
      { ...key, decidedBy: decision.staffId, transactionId, session: sealed, sessionUntil: expiresAt },
      group.map(({ step, prepared }) => ({
        ...{ ...prepared, id: step.id, staffId: step.staffId },
        delegationId: delegationOf(step),
      })),
    );
    // Somebody decided one of them meanwhile: the leave is for exactly these, so it is let go.
    if (count !== group.length) throw new AppError('already-decided');
    const delegated = group.filter(({ step }) => delegationOf(step) !== null);
    await demandRoom(
      tx,
      delegated.map(({ step }) => delegationOf(step)),
    );
    await setNumbers(
      tx,
      group.flatMap(({ request, numbers }) => (numbers ? { ...numbers, requestId: request.id } : [])),
    );
    await appendAudit(tx, {
      actor: `staff/${decision.staffId}`,
      action: 'signing.approved',
      object: `signing-transaction/${transactionId}`,
      detail: {
        steps: group.map(({ step }) => step.id),
        route: key.route,
        // In whose place: the actor is who decided.
        ...(delegated.length === 0
          ? {}
          : { onBehalfOf: [...new Set(delegated.map(({ step }) => step.staffId))] }),
      },
    });
  });
};

const prepareAll = async (
  context: DecideContext,
  decision: Decision,
  steps: WaitingRow[],
  requests: Map<string, RequestRow>,
): Promise<{ prepared: PreparedStep[]; outcomes: DecisionOutcome[] }> => {
  const keys = new Map<string, Promise<ChosenKey>>();
  const keyOf = (step: WaitingRow): Promise<ChosenKey> => {
    const name = nameOfAsked(step);
    const known =
      keys.get(name) ??
      chooseKey(
        context,
        { ...step, ...byWhom(step, decision.staffId) },
        { by: decision.staffId, agreements: decision.agreements },
      );
    keys.set(name, known);
    return known;
  };
  const outcomes: DecisionOutcome[] = [];
  const prepared: PreparedStep[] = [];
  const looks = await readLooks(context, steps);
  await new PQueue({ concurrency: filesAtOnce }).addAll(
    steps.map(step => async () => {
      const request = requests.get(step.requestId)!;
      try {
        const key = await keyOf(step);
        if (isOnToken(key)) throw new AppError('signing-token-needed');
        prepared.push(
          await prepareStep(context, {
            step,
            request,
            key,
            look: looks(step),
            numbers: decision.numbers?.[step.id],
          }),
        );
      } catch (error) {
        outcomes.push(failed(step.id, error));
      }
    }),
  );
  return { prepared, outcomes };
};

/**
 * Approves or refuses what waits. A step that this person may not decide looks like one that is not there. Of an
 * approval the files are prepared now, so that time, number and certificate are those of the decision, then the service
 * is asked for leave for exactly these hashes; what comes after it needs nobody.
 */
export const decide = async (context: DecideContext, decision: Decision): Promise<DecisionOutcome[]> => {
  const { db, wake } = context;
  const powers = await powersOf(context, decision.staffId);
  const found = await waitingSteps(db, { ids: decision.stepIds });
  const rights = allotRights(powers, found);
  const mine = found.filter(({ id }) => isAllowed(rights.get(id)!));
  const known = new Set(mine.map(({ id }) => id));
  const outcomes: DecisionOutcome[] = decision.stepIds
    .filter(id => !known.has(id))
    .map(id => failed(id, new AppError(whyNot(rights.get(id)))));
  const delegationOf = ({ id }: { id: string }): string | null => delegationIn(rights.get(id));
  const requests = new Map(
    (
      await findRequests(
        db,
        mine.map(({ requestId }) => requestId),
      )
    ).map(request => [request.id, request]),
  );
  if (decision.decision === 'refuse') {
    for (const step of mine)
      outcomes.push(
        await refuse(context, { step, decision, delegationId: delegationOf(step) }).catch(error =>
          failed(step.id, error),
        ),
      );
    wake.notify('events');
    return outcomes;
  }
  const { prepared, outcomes: broken } = await prepareAll(context, decision, mine, requests);
  outcomes.push(...broken);
  for (const group of byKey(prepared)) {
    try {
      await authoriseGroup(context, decision, group, delegationOf);
      outcomes.push(...group.map(({ step }) => ({ stepId: step.id, ok: true })));
    } catch (error) {
      outcomes.push(...group.map(({ step }) => failed(step.id, error)));
    }
  }
  wake.notify('signing');
  return outcomes;
};
