import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import type { FlowApp, FlowEventType, FlowOperation } from '#schemas/flow-forms.ts';

/** What the forms of the flow editor offer to choose from. */
export const flowFormCommands = {
  /** The types of events that a flow can take in. */
  'flows.describe-events': command<FlowEventType[]>()(Type.Object({})),
  /** Apps that are on, with the ports and methods of their connector; none of their settings. */
  'flows.describe-apps': command<FlowApp[]>()(Type.Object({})),
  /** The operations of the hub's API for which flows have the right, from its OpenAPI document. */
  'flows.describe-api': command<FlowOperation[]>()(Type.Object({})),
};
