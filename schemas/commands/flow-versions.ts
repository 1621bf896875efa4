import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { type FlowContents, FlowStageName, type FlowVersion } from '#schemas/flow.ts';
import {
  type FlowDifference,
  type FlowProposal,
  FlowProposalState,
  type FlowStageChange,
} from '#schemas/flow-version.ts';

/** PostgreSQL's `integer`. */
const Numeral = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const Page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Type.String()),
};
/** Who does it: `staff/<uuid>` and the name that people read. */
const By = {
  actor: Type.String({ minLength: 1, maxLength: 200 }),
  actorName: Type.String({ maxLength: 200 }),
};
const Text = Type.String({ maxLength: 2000 });

/** The history of flows, and how a version comes into production. Lists: newest first, 50 a page. */
export const flowVersionCommands = {
  'flows.list-versions': command<{ items: FlowVersion[]; next?: string }>()(Type.Object(Page)),
  'flows.read-version': command<{ version: FlowVersion; contents: FlowContents }>()(
    Type.Object({ number: Numeral }),
  ),
  /** What makes `to` differ from `from`, as data and as text that people read. `from` absent: from nothing. */
  'flows.difference': command<{ difference: FlowDifference; text: string }>()(
    Type.Object({
      from: Type.Optional(Numeral),
      to: Numeral,
      language: Type.Optional(Type.Unsafe<'vi' | 'en'>({ enum: ['vi', 'en'] })),
    }),
  ),
  /** What each stage runs, and since when; a stage that runs nothing is absent. */
  'flows.stages': command<FlowStageChange[]>()(Type.Object({})),
  'flows.list-stage-changes': command<{ items: FlowStageChange[]; next?: string }>()(
    Type.Object({ stage: FlowStageName, ...Page }),
  ),
  /** Asks that production runs a version; a proposal of the same that waits is answered as it is. */
  'flows.propose': command<FlowProposal>()(Type.Object({ version: Numeral, message: Text, ...By })),
  'flows.list-proposals': command<{ items: FlowProposal[]; next?: string }>()(
    Type.Object({ state: Type.Optional(FlowProposalState), ...Page }),
  ),
  /** Approves or refuses. Where reviews are on, the author of a version cannot approve it, nor can a program. */
  'flows.review': command<FlowProposal>()(
    Type.Object({ number: Numeral, approve: Type.Boolean(), comment: Text, ...By }),
  ),
  /** Production runs what was approved, unless it runs something else by now than when that was proposed. */
  'flows.promote': command<FlowStageChange>()(Type.Object({ number: Numeral, ...By })),
  /** A stage runs an earlier version again: the sandbox any, production only one that it ran before. */
  'flows.roll-back': command<FlowStageChange>()(
    Type.Object({
      stage: FlowStageName,
      version: Numeral,
      reason: Type.String({ minLength: 1, maxLength: 2000 }),
      ...By,
    }),
  ),
};
