import { isDeepStrictEqual } from 'node:util';
import type { FlowContents, FlowNode } from '#schemas/flow.ts';
import type { FlowChange, FlowDifference, FlowNodeChange } from '#schemas/flow-version.ts';
import { compareProperties } from './compare-properties.ts';
import { type FlowPlan, readPlan } from './read-plan.ts';
import { withoutLayout } from './without-layout.ts';

/** A node on both sides, on one of them, changed or not. */
const compareNode = (
  id: string,
  before: FlowPlan,
  after: FlowPlan,
  old: FlowNode | undefined,
  now: FlowNode | undefined,
): FlowNodeChange[] => {
  const [plan, node] = now === undefined ? [before, old!] : [after, now];
  const told = { id, type: node.type, name: plan.nameOf(id) };
  if (old === undefined) return [{ change: 'added', ...told, properties: [] }];
  if (now === undefined) return [{ change: 'removed', ...told, properties: [] }];
  const properties = compareProperties(old, now, before, after);
  const from = before.flowOf(old);
  const moved = from.id === after.flowOf(now).id ? {} : { movedFrom: from.name };
  if (properties.length === 0 && Object.keys(moved).length === 0) return [];
  return [{ change: 'changed', ...told, ...moved, properties }];
};

const compareFlow = (id: string, before: FlowPlan, after: FlowPlan): FlowChange[] => {
  const [old, now] = [before.flows.get(id), after.flows.get(id)];
  const { kind, name } = (now ?? old)!;
  // A node that went to another flow is told there.
  const ids = new Set([
    ...(now?.nodes ?? []).map(node => node.id),
    ...(old?.nodes ?? []).map(node => node.id).filter(nodeId => !after.nodes.has(nodeId)),
  ]);
  const nodes = [...ids].flatMap(nodeId =>
    compareNode(nodeId, before, after, before.nodes.get(nodeId), after.nodes.get(nodeId)),
  );
  const told = { kind, id, name, nodes };
  if (old === undefined) return [{ change: 'added', ...told, properties: [] }];
  if (now === undefined) return [{ change: 'removed', ...told, properties: [] }];
  const renamed = old.name === now.name ? {} : { renamedFrom: old.name };
  const properties =
    old.self && now.self
      ? compareProperties(old.self, now.self, before, after).filter(({ name: key }) => key !== now.nameKey)
      : [];
  if (nodes.length + properties.length + Object.keys(renamed).length === 0) return [];
  return [{ change: 'changed', ...told, ...renamed, properties }];
};

/**
 * What makes one set of flows differ from another in effect: flows and nodes added, removed, changed, each property before and
 * after. Where things stand on the canvas is no difference; that something was moved is told in one word. Both are in
 * normal form.
 */
export const compareContents = (
  before: FlowContents,
  after: FlowContents,
): Omit<FlowDifference, 'credentials'> => {
  const [old, now] = [readPlan(before), readPlan(after)];
  const ids = new Set([...now.flows.keys(), ...old.flows.keys()]);
  const flows = [...ids].flatMap(id => compareFlow(id, old, now));
  return { flows, layout: isMoved(before, after) };
};

/** Whether what is in both stands elsewhere now: on the canvas, or in the row of tabs. */
const isMoved = (before: FlowContents, after: FlowContents): boolean => {
  const old = new Map(before.map(node => [node.id, node]));
  const kept = after.filter(({ id }) => old.has(id));
  const now = new Set(kept.map(({ id }) => id));
  const rowOf = (contents: FlowContents): string[] =>
    contents.filter(({ id, type }) => type === 'tab' && now.has(id)).map(({ id }) => id);
  return (
    !isDeepStrictEqual(rowOf(before), rowOf(after)) ||
    kept.some(node => {
      const was = old.get(node.id)!;
      const layoutOf = ({ x, y, w, h, z }: FlowNode) => ({ x, y, w, h, z });
      if (!isDeepStrictEqual(layoutOf(was), layoutOf(node))) return was.z === node.z;
      return (
        node.type === 'subflow' &&
        isDeepStrictEqual(withoutLayout(was), withoutLayout(node)) &&
        !isDeepStrictEqual(was, node)
      );
    })
  );
};
