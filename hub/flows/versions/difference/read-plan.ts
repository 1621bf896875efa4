import type { FlowContents, FlowNode } from '#schemas/flow.ts';

/** A tab, a subflow, or the configuration nodes of no tab. */
export interface PlannedFlow {
  id: string;
  kind: 'tab' | 'subflow' | 'config';
  name: string;
  /** The tab or subflow itself, and where its name stands. */
  self?: FlowNode;
  nameKey?: string;
  nodes: FlowNode[];
}

/** One version, as somebody reads it. */
export interface FlowPlan {
  /** By id, in the order of the version. */
  flows: Map<string, PlannedFlow>;
  /** Nodes by id, without tabs and subflows. */
  nodes: Map<string, FlowNode>;
  flowOf(node: FlowNode): PlannedFlow;
  /** What people call it: its name; without one its type and the beginning of its id. */
  nameOf(id: string): string;
  /** Whether this is the id of something in this version. */
  has(id: string): boolean;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const shortly = ({ type, id }: FlowNode): string => `${type} (${id.slice(0, 6)})`;
const labelOf = (node: FlowNode): string => textOf(node.name) || textOf(node.label) || shortly(node);

/** Puts the nodes of a version into their flows. */
export const readPlan = (contents: FlowContents): FlowPlan => {
  const flows = new Map<string, PlannedFlow>();
  const nodes = new Map<string, FlowNode>();
  const names = new Map(contents.map(node => [node.id, labelOf(node)] as const));
  for (const node of contents) {
    const { id, type } = node;
    if (type !== 'tab' && type !== 'subflow') continue;
    const nameKey = type === 'tab' ? 'label' : 'name';
    flows.set(id, {
      id,
      kind: type,
      name: textOf(node[nameKey]) || shortly(node),
      self: node,
      nameKey,
      nodes: [],
    });
  }
  const config: PlannedFlow = { id: 'config', kind: 'config', name: '', nodes: [] };
  const flowOf = ({ z }: FlowNode): PlannedFlow => flows.get(String(z)) ?? config;
  for (const node of contents) {
    if (node.type === 'tab' || node.type === 'subflow') continue;
    nodes.set(node.id, node);
    flowOf(node).nodes.push(node);
  }
  if (config.nodes.length > 0) flows.set(config.id, config);
  return { flows, nodes, flowOf, nameOf: id => names.get(id) ?? id, has: id => names.has(id) };
};
