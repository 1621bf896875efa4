import type { AxisEntry } from '#connectors/kit/ports.ts';

export const toMessageType = (kind: 'document' | 'status'): 'edoc' | 'status' =>
  kind === 'document' ? 'edoc' : 'status';

export const toEntry = ({ docId, from }: AxisEntry): AxisEntry => ({
  docId,
  ...(from ? { from } : {}),
});
