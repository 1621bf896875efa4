import type { FlowNode } from '#schemas/flow.ts';

/** Where something stands on the canvas, and how large it is there. */
const isLayout = new Set(['x', 'y', 'w', 'h']);

const withoutPlaces = (port: unknown): unknown =>
  typeof port === 'object' && port !== null && !Array.isArray(port)
    ? Object.fromEntries(Object.entries(port).filter(([key]) => !isLayout.has(key)))
    : port;

/** A node without its place; of a subflow also without the places of its ports. */
export const withoutLayout = (node: FlowNode): FlowNode =>
  Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !isLayout.has(key))
      .map(([key, value]) => {
        if (node.type !== 'subflow') return [key, value];
        if (key === 'in' || key === 'out')
          return [key, Array.isArray(value) ? value.map(withoutPlaces) : value];
        return [key, key === 'status' ? withoutPlaces(value) : value];
      }),
  ) as FlowNode;
