import { attemptsOf } from '#hub/flows/attempts-of.ts';
import type { FlowContents, FlowInput } from '#schemas/flow.ts';
import { nodesOn } from '#schemas/flow-on.ts';

const isEventType = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-z][a-z0-9.-]{0,99}$/.test(name);

/** What leads into the flows: their nodes `lienthong-event-in` that are on. Pure. */
export const inputsOf = (contents: FlowContents): Omit<FlowInput, 'stage'>[] =>
  nodesOn(contents)
    .filter(({ type }) => type === 'lienthong-event-in')
    .map(({ id, z, types, ordered, attempts }) => ({
      flow: z,
      node: id,
      types: [...new Set(Array.isArray(types) ? types.filter(isEventType) : [])].sort(),
      ordered: ordered !== false,
      attempts: attemptsOf(attempts),
    }));
