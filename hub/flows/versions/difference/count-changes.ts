import type { FlowDifference } from '#schemas/flow-version.ts';

/** A difference as figures, for the audit trail. */
export interface ChangeCounts {
  flows: { added: number; removed: number; changed: number };
  nodes: { added: number; removed: number; changed: number };
  credentials: boolean;
}

const count = (list: { change: 'added' | 'removed' | 'changed' }[]) => {
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const { change } of list) counts[change] += 1;
  return counts;
};

export const countChanges = ({ flows, credentials }: FlowDifference): ChangeCounts => ({
  flows: count(flows),
  nodes: count(flows.flatMap(({ nodes }) => nodes)),
  credentials,
});
