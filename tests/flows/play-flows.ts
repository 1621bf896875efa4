import { AppError } from '#hub/platform/errors.ts';
import type { Part } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { flowCommands } from '#schemas/commands/flows.ts';
import type { FlowContents, FlowVersion } from '#schemas/flow.ts';

type Deploy = ParamsOf<(typeof flowCommands)['flows.deploy']>;

/** The part that keeps versions, played: what was deployed is looked at, and somebody else can be faster. */
export interface PlayedFlows {
  part: Part;
  deploys: Deploy[];
  /** Somebody deploys by another way. */
  deployElsewhere(contents: FlowContents): void;
}

/** A tab with one node of a kind that ships with Node-RED. */
export const smallFlow: FlowContents = [
  { id: 'a0', type: 'tab', label: 'Văn bản đến', disabled: false, info: '' },
  { id: 'a1', type: 'debug', z: 'a0', name: 'xem', x: 300, y: 120, wires: [] },
];

export const playFlows = (contents: FlowContents = smallFlow): PlayedFlows => {
  const versions: { version: FlowVersion; contents: FlowContents; credentials: Record<string, unknown> }[] =
    [];
  const add = ({ base, author, authorName, message, contents, credentials }: Deploy): FlowVersion => {
    const at = new Date().toISOString();
    const version = { number: versions.length + 1, base, author, authorName, message, at, stages: [] };
    versions.push({ version, contents: structuredClone(contents), credentials });
    return version;
  };
  const elsewhere = (contents: FlowContents): FlowVersion =>
    add({ contents, credentials: {}, author: 'staff/other', authorName: 'Người khác', message: '' });
  elsewhere(contents);
  const deploys: Deploy[] = [];
  return {
    deploys,
    deployElsewhere: elsewhere,
    part: {
      name: 'flows',
      actions: {
        'flows.current': async () => versions.at(-1),
        'flows.deploy': async (deploy: Deploy) => {
          const { number, authorName, at } = versions.at(-1)!.version;
          if (deploy.base !== number)
            throw new AppError('flow-conflict', { name: authorName, number, at, base: deploy.base ?? 0 });
          deploys.push(deploy);
          return add(deploy);
        },
      } as Part['actions'],
    },
  };
};
