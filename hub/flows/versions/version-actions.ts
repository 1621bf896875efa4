import type { Handlers } from '#hub/platform/calls.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { flowVersionCommands } from '#schemas/commands/flow-versions.ts';
import { compareVersions } from './compare-versions.ts';
import { deploy } from './deploy.ts';
import { describeDifference } from './difference/describe-difference.ts';
import { listPage } from './list-page.ts';
import { promote } from './promote.ts';
import { listProposals } from './proposal-store.ts';
import { propose } from './propose.ts';
import { readCurrent } from './read-current.ts';
import { readVersion } from './read-version.ts';
import { review } from './review.ts';
import { rollBack } from './roll-back.ts';
import { listStageChanges, readStages } from './stage-store.ts';
import { listVersions } from './version-store.ts';

type VersionCommands = keyof typeof flowVersionCommands | 'flows.current' | 'flows.deploy';

/** Versions of flows, their stages and their reviews. */
export const versionActions = (context: PartContext): Pick<Handlers<'flows'>, VersionCommands> => {
  const { db } = context;
  return {
    'flows.current': ({ stage }) => readCurrent(db, stage),
    'flows.deploy': given => deploy(context, given),
    'flows.list-versions': page => listPage(page, range => listVersions(db, range)),
    async 'flows.read-version'({ number }) {
      const { version, contents } = await readVersion(db, number);
      return { version, contents };
    },
    async 'flows.difference'({ from, to, language = 'vi' }) {
      const difference = await compareVersions(db, from, to);
      return { difference, text: describeDifference(language, difference) };
    },
    'flows.stages': () => readStages(db),
    'flows.list-stage-changes': ({ stage, ...page }) =>
      listPage(page, range => listStageChanges(db, stage, range)),
    'flows.propose': given => propose(db, given),
    'flows.list-proposals': ({ state, ...page }) => listPage(page, range => listProposals(db, state, range)),
    'flows.review': given => review(context, given),
    'flows.promote': given => promote(context, given),
    'flows.roll-back': given => rollBack(context, given),
  };
};
