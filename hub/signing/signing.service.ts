import { appendAudit } from '#hub/platform/audit-store.ts';
import { worksAlone } from '#hub/platform/config.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import type { Repeater } from '#hub/platform/repeat.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { agentOutcome } from '#hub/signing/agent/agent-outcome.ts';
import { agentRoutes } from '#hub/signing/agent/agent-routes.ts';
import { callAgent } from '#hub/signing/agent/call-agent.ts';
import { changeAccount, changeRoute } from '#hub/signing/change-routes.ts';
import { changeSettings } from '#hub/signing/change-settings.ts';
import { completeDocument } from '#hub/signing/complete-document.ts';
import { countFor } from '#hub/signing/count-waiting.ts';
import { decide } from '#hub/signing/decide.ts';
import { delegate } from '#hub/signing/delegate.ts';
import { delegationsOf, endDelegation } from '#hub/signing/delegation-store.ts';
import { demandRight } from '#hub/signing/demand-right.ts';
import { createFileWorkers, type FileWorkers } from '#hub/signing/file-workers.ts';
import { giveProofs } from '#hub/signing/give-proofs.ts';
import { giveTimeStamp } from '#hub/signing/give-time-stamp.ts';
import { prepareDocument } from '#hub/signing/prepare-document.ts';
import { mediaTypes, readFile } from '#hub/signing/read-file.ts';
import { requestRoutes } from '#hub/signing/request-routes.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { runSigning } from '#hub/signing/run-signing.ts';
import { setImage } from '#hub/signing/set-image.ts';
import { settingRoutes } from '#hub/signing/setting-routes.ts';
import { readSettings } from '#hub/signing/settings-store.ts';
import { showWaiting } from '#hub/signing/show-waiting.ts';
import { createHeldKeys } from '#hub/signing/signers/held-keys.ts';
import { freeLeases } from '#hub/signing/step-store.ts';
import { ticketActions } from '#hub/signing/tickets/ticket-actions.ts';
import { ticketRoutes } from '#hub/signing/tickets/ticket-routes.ts';
import { judgeFile } from '#hub/signing/verify/judge-file.ts';
import { verifyRoutes } from '#hub/signing/verify/verify-routes.ts';

/** The part with the workers that do its work on files; it stops them when it stops. */
export const createSigningWith =
  (workers: FileWorkers): CreatePart =>
  context => {
    const { db, wake } = context;
    const keys = createHeldKeys(context);
    const withKeys = { ...context, keys };
    let rounds: Repeater[] = [];
    let stopListening = (): void => {};
    return {
      name: 'signing',
      actions: {
        'signing.waiting': ({ staffId }) => showWaiting(withKeys, staffId),
        'signing.count': ({ staffId }) => countFor(context, staffId),
        'signing.file': async ({ staffId, stepId }) => {
          const { step } = await demandRight(context, staffId, stepId);
          const [request] = await findRequests(db, [step.requestId]);
          const file = await readFile(db, request!);
          return {
            fileName: request!.fileName,
            mediaType: mediaTypes[request!.format],
            base64: file.toString('base64'),
          };
        },
        'signing.decide': decision => decide({ ...withKeys, workers }, decision),
        'signing.call-agent': asked => callAgent({ ...withKeys, workers }, asked),
        'signing.agent-outcome': ({ staffId, stepId }) => agentOutcome(db, staffId, stepId),
        'signing.offers': async () => ({ timeStamps: (await readSettings(db)).timeStampUrl !== undefined }),
        'signing.time-stamp': given => giveTimeStamp(db, given),
        'signing.proofs': given => giveProofs(db, given),
        'signing.prepare-document': given => prepareDocument(workers, given),
        'signing.complete-document': given => completeDocument({ db, workers }, given),
        'signing.set-settings': ({ actor, ...given }) => changeSettings(db, given, { actor }),
        'signing.set-image': given => setImage(db, given),
        'signing.put-route': async ({ actor, ...given }) => {
          await changeRoute(db, given, { actor });
        },
        'signing.put-account': ({ routeId, staffId, userId, actor }) =>
          changeAccount(db, { routeId, holder: { staffId }, userId }, { actor }),
        ...ticketActions(withKeys),
        'signing.delegate': given => delegate(db, given),
        'signing.delegations': ({ staffId }) => delegationsOf(db, staffId, today()),
        'signing.end-delegation': ({ staffId, id, actor }) =>
          inTransaction(db, async tx => {
            if (!(await endDelegation(tx, staffId, id))) throw new AppError('not-found');
            await appendAudit(tx, {
              actor,
              action: 'signing.delegation-ended',
              object: `staff/${staffId}`,
              detail: { id },
            });
          }),
      },
      routes: [
        ...requestRoutes(context, workers),
        ...settingRoutes(context),
        ...agentRoutes({ ...context, workers }),
        ...ticketRoutes(withKeys),
        ...verifyRoutes((file, beside) => judgeFile({ db, workers }, file, beside)),
      ],
      async start() {
        if (worksAlone(context.config)) await freeLeases(db);
        rounds = runSigning(withKeys, workers);
        stopListening = wake.on('signing', () => {
          for (const round of rounds) round.wake();
        });
      },
      async stop() {
        stopListening();
        await Promise.all(rounds.map(round => round.stop()));
        await workers.stop();
      },
    };
  };

/** Requests for signatures: taken from apps, decided by people, carried to a signing service and back. */
const createSigning: CreatePart = context => createSigningWith(createFileWorkers())(context);

export default createSigning;
