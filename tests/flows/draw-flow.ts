import type { FlowContents, FlowNode } from '#schemas/flow.ts';

/** A flow of an input, one node in the middle, and an acknowledgement; ids begin with the flow's. */
export const drawFlow = (id: string, middle: Record<string, unknown>): FlowContents => {
  const node = (name: string, more: Record<string, unknown>, to: string[]): FlowNode =>
    ({
      id: `${id}-${name}`,
      z: id,
      x: 100,
      y: 100,
      wires: [to.map(one => `${id}-${one}`)],
      ...more,
    }) as unknown as FlowNode;
  return [
    { id, type: 'tab', label: `Luồng ${id}` },
    node('in', { type: 'lienthong-event-in', types: [], attempts: 3, limit: 30 }, ['middle']),
    node('middle', middle, ['ack']),
    node('ack', { type: 'lienthong-acknowledge' }, []),
  ];
};
