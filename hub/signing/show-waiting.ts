import type { PartContext } from '#hub/platform/part.ts';
import { byWhom, powersOf } from '#hub/signing/may-decide.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { showDetour } from '#hub/signing/show-detour.ts';
import { findWay } from '#hub/signing/signers/find-way.ts';
import type { HeldKeys } from '#hub/signing/signers/held-keys.ts';
import { nameOfAsked } from '#hub/signing/signers/may-serve.ts';
import { stepsOf } from '#hub/signing/step-store.ts';
import { waitingFor } from '#hub/signing/waiting-for.ts';
import type { WaitingStep } from '#schemas/signing.ts';

/** What waits for a person's decision, what is due first first. */
export const showWaiting = async (
  context: Pick<PartContext, 'db' | 'call'> & { keys: HeldKeys },
  staffId: string,
): Promise<WaitingStep[]> => {
  const { db, call } = context;
  const powers = await powersOf(context, staffId);
  const steps = await waitingFor(db, powers);
  const requestIds = steps.map(({ requestId }) => requestId);
  const requests = new Map((await findRequests(db, requestIds)).map(request => [request.id, request]));
  const totals = Map.groupBy(await stepsOf(db, requestIds), ({ requestId }) => requestId);
  const people = new Map(
    (await call('staff.snapshots', { ids: [...new Set(steps.flatMap(step => step.staffId ?? []))] })).map(
      ({ id, name }) => [id, name],
    ),
  );
  const units = new Map((await call('units.latest', {})).map(({ id, name }) => [id, name]));
  const apps = new Map((await call('apps.list', {})).map(({ id, name }) => [id, name]));
  /** Asked once for each signer and app: a hundred documents have the same key. */
  const ways = new Map<string, Promise<Pick<WaitingStep, 'asks' | 'detour'>>>();
  const shown = await Promise.all(
    steps.map(async (step): Promise<WaitingStep> => {
      const request = requests.get(step.requestId)!;
      const name = nameOfAsked(step);
      const way =
        ways.get(name) ??
        findWay(context, { ...step, ...byWhom(step, staffId) }).then(({ key, detour }) => ({
          // What cannot be signed with is told by the decision.
          asks: key?.credential.asks ?? [],
          ...showDetour(detour),
        }));
      ways.set(name, way);
      return {
        stepId: step.id,
        requestId: request.id,
        title: request.title,
        ...(request.documentType === null ? {} : { documentType: request.documentType }),
        fileName: request.fileName,
        documentId: request.documentId,
        app: apps.get(request.appId) ?? request.appId,
        position: step.position,
        of: totals.get(request.id)!.length,
        ...(request.dueAt === null ? {} : { dueAt: request.dueAt.toISOString() }),
        createdAt: request.createdAt.toISOString(),
        signer:
          step.staffId === null
            ? { unitId: step.unitId!, name: units.get(step.unitId!) ?? '' }
            : { staffId: step.staffId, name: people.get(step.staffId) ?? '' },
        ...(step.staffId === null || step.staffId === staffId
          ? {}
          : { onBehalfOf: people.get(step.staffId) ?? '' }),
        numbers: step.numbers,
        level: step.level,
        ...(await way),
        ...(step.reason === null ? {} : { reason: step.reason.code }),
      };
    }),
  );
  return shown.sort(
    (a, b) => (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9') || a.createdAt.localeCompare(b.createdAt),
  );
};
