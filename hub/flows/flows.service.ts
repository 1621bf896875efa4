import { caseRoutes } from '#hub/flows/cases/case-routes.ts';
import { listCases, putCase } from '#hub/flows/cases/case-store.ts';
import { recordCase } from '#hub/flows/cases/record-case.ts';
import { deadLetterRoutes } from '#hub/flows/dead-letters/dead-letter-routes.ts';
import { replay } from '#hub/flows/dead-letters/replay.ts';
import { createDescribeApi } from '#hub/flows/describe/describe-api.ts';
import { describeApps } from '#hub/flows/describe/describe-apps.ts';
import { describeEvents } from '#hub/flows/describe/describe-events.ts';
import { callApp } from '#hub/flows/effects/call-app.ts';
import { type Effect, perform } from '#hub/flows/effects/effect.ts';
import { hubCommand } from '#hub/flows/effects/hub-command.ts';
import { notify } from '#hub/flows/effects/notify.ts';
import { correlate, once, readState, wait, writeState } from '#hub/flows/kept/keep.ts';
import { findHead, findStaff, findUnits } from '#hub/flows/look-up/look-up.ts';
import { freeRunning } from '#hub/flows/messages/free-running-store.ts';
import { messageRoutes } from '#hub/flows/messages/message-routes.ts';
import {
  giveBack,
  leaseMessages,
  recentMessages,
  renewLeases,
  settleLoans,
  takeBack,
} from '#hub/flows/messages/message-store.ts';
import { putMessage } from '#hub/flows/messages/put-message.ts';
import { tendMessages } from '#hub/flows/messages/tend-messages.ts';
import { registerFlowsApp } from '#hub/flows/register-flows-app.ts';
import { ruleRoutes } from '#hub/flows/rules/rule-routes.ts';
import { runSources } from '#hub/flows/sources/run-sources.ts';
import { keepRepository } from '#hub/flows/versions/git/keep-repository.ts';
import { versionActions } from '#hub/flows/versions/version-actions.ts';
import { versionRoutes } from '#hub/flows/versions/version-routes.ts';
import type { Handlers } from '#hub/platform/calls.ts';
import { worksAlone } from '#hub/platform/config.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** What a message of a flow may do to the world, by the name of the command. */
const effects: Record<string, Effect> = {
  'app.call': callApp,
  'hub.command': hubCommand,
  notify,
};

/** What flows stand on: messages on loan, what they did, what they keep, and versions. Node-RED itself is in `flows/`. */
const createFlows: CreatePart = context => {
  const { db, wake } = context;
  let running: { stop(): Promise<void> } | undefined;
  let registering: { stop(): Promise<void> } | undefined;
  let sources: { stop(): Promise<void> } | undefined;
  let repository: { stop(): Promise<void> } | undefined;
  const lostOf = (ids: string[], held: string[]): { lost: string[] } => ({
    lost: ids.filter(id => !held.includes(id)),
  });
  return {
    name: 'flows',
    actions: {
      'flows.claim': wish => leaseMessages(db, wish),
      'flows.renew': async ({ leases, seconds }) => lostOf(leases, await renewLeases(db, leases, seconds)),
      'flows.settle': async ({ loans }) => {
        const held = await settleLoans(db, loans);
        if (loans.some(({ fault }) => fault !== undefined)) wake.notify('flows');
        return lostOf(
          loans.map(({ id }) => id),
          held,
        );
      },
      async 'flows.release'({ runner, crashed }) {
        const flows = crashed ? await takeBack(db, runner) : await giveBack(db, runner);
        wake.notify('flows');
        return { flows };
      },
      'flows.put': given => putMessage(context, given),
      'flows.effect': given => perform(context, effects, given),
      'flows.wait': given => wait(context, given),
      'flows.correlate': given => correlate(context, given),
      'flows.once': given => once(context, given),
      'flows.read-state': given => readState(context, given),
      'flows.find-staff': given => findStaff(context, given),
      'flows.find-unit': given => findUnits(context, given),
      'flows.find-head': given => findHead(context, given),
      'flows.write-state': given => writeState(context, given),
      'flows.recent-messages': ({ stage, flow, limit }) => recentMessages(db, { stage, flow }, limit),
      'flows.replay': given => replay(context, given),
      'flows.cases': ({ flows }) => listCases(db, flows),
      'flows.put-case': ({ flow, given, actor }) => putCase(db, flow, given, actor),
      'flows.record-case': given => recordCase(context, given),
      'flows.describe-events': async () => describeEvents(),
      'flows.describe-apps': () => describeApps(context),
      'flows.describe-api': createDescribeApi(context),
      ...versionActions(context),
    } satisfies Handlers<'flows'>,
    routes: [
      ...messageRoutes(context),
      ...ruleRoutes(),
      ...deadLetterRoutes(context),
      ...caseRoutes(context),
      ...versionRoutes(context),
    ],
    async start() {
      if (worksAlone(context.config)) await freeRunning(db);
      registering = registerFlowsApp(context);
      running = tendMessages(context);
      sources = runSources(context);
      repository = keepRepository(context);
    },
    async stop() {
      await running?.stop();
      await registering?.stop();
      await sources?.stop();
      await repository?.stop();
    },
  };
};
export default createFlows;
