import { isDeepStrictEqual } from 'node:util';
import type { FlowNode } from '#schemas/flow.ts';
import type { FlowPropertyChange } from '#schemas/flow-version.ts';
import type { FlowPlan } from './read-plan.ts';
import { isSecretName, showValue } from './show-value.ts';
import { withoutLayout } from './without-layout.ts';

/** `z` says in which flow a node is: that is told as a move. */
const isTold = new Set(['id', 'z']);

/** Properties that are not the same, by name; ids as names, secrets as dots. */
export const compareProperties = (
  old: FlowNode,
  now: FlowNode,
  before: FlowPlan,
  after: FlowPlan,
): FlowPropertyChange[] => {
  const [was, is] = [withoutLayout(old), withoutLayout(now)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(name => !isTold.has(name));
  return names.sort().flatMap(name => {
    if (isDeepStrictEqual(was[name], is[name])) return [];
    const show = (withIds: boolean) => ({
      ...(name in was ? { before: showValue(was[name], before, isSecretName(name), withIds) } : {}),
      ...(name in is ? { after: showValue(is[name], after, isSecretName(name), withIds) } : {}),
    });
    const shown = show(false);
    // Two nodes of one name: only their ids tell them apart.
    return [{ name, ...(isDeepStrictEqual(shown.before, shown.after) ? show(true) : shown) }];
  });
};
