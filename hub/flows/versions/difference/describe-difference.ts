import { type Language, say } from '#hub/platform/messages.ts';
import type { FlowChange, FlowDifference, FlowNodeChange } from '#schemas/flow-version.ts';
import { describeProperty } from './describe-value.ts';

const indent = (lines: string[]): string[] => lines.map(line => `  ${line}`);
const marks = { added: '+', removed: '-', changed: '~' };

const describeNode = (language: Language, node: FlowNodeChange): string[] => {
  const { name, type } = node;
  const from = node.movedFrom === '' ? say(language, 'flow-versions.config') : node.movedFrom;
  const moved = from === undefined ? '' : say(language, 'flow-versions.moved', { from });
  return [
    `${marks[node.change]} ${say(language, `flow-versions.node-${node.change}`, { name, type })}${moved}`,
    ...indent(indent(node.properties.flatMap(property => describeProperty(language, property)))),
  ];
};

const describeFlow = (language: Language, flow: FlowChange): string[] => {
  const named = say(language, `flow-versions.${flow.kind}`, { name: flow.name });
  const renamed =
    flow.renamedFrom === undefined ? '' : say(language, 'flow-versions.renamed', { from: flow.renamedFrom });
  const head = say(language, `flow-versions.flow-${flow.change}`, { flow: named });
  return [
    `${marks[flow.change]} ${head}${renamed}`,
    ...indent(flow.properties.flatMap(property => describeProperty(language, property))),
    ...indent(flow.nodes.flatMap(node => describeNode(language, node))),
  ];
};

/** A difference for people, in lines: `+` is new, `-` is gone, `~` is not as before. */
export const describeDifference = (
  language: Language,
  { flows, credentials, layout }: FlowDifference,
): string => {
  const lines = flows.flatMap(flow => describeFlow(language, flow));
  if (credentials) lines.push(say(language, 'flow-versions.credentials'));
  if (layout)
    lines.push(say(language, lines.length === 0 ? 'flow-versions.only-layout' : 'flow-versions.layout'));
  return lines.length === 0 ? say(language, 'flow-versions.same') : lines.join('\n');
};
