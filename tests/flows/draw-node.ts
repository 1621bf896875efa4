import type { FlowContents, FlowNode } from '#schemas/flow.ts';

/**
 * A flow of an input and one node. Each of its outputs leads to a call of the app `probe`, whose method is the output's number and
 * whose input is the whole message; the first is acknowledged. So what comes out, and where, can be read from what was asked.
 */
export const drawNode = (id: string, node: Record<string, unknown>, outputs = 1): FlowContents => {
  const place = { z: id, x: 100, y: 100 };
  const probes = Array.from({ length: outputs }, (_, at) => `${id}-out-${at}`);
  return [
    { id, type: 'tab', label: `Luồng ${id}` },
    {
      ...place,
      id: `${id}-in`,
      type: 'lienthong-event-in',
      types: [],
      attempts: 3,
      limit: 30,
      wires: [[`${id}-node`]],
    },
    { ...place, ...node, id: `${id}-node`, wires: probes.map(probe => [probe]) },
    ...probes.map((probe, at) => ({
      ...place,
      ...{ id: probe, type: 'lienthong-app-call', app: 'probe', port: `out-${id}`, method: String(at) },
      ...{
        input: "$sift($, function($v, $k) {$k != '_msgid'})",
        inputType: 'jsonata',
        wires: [[`${id}-ack`]],
      },
    })),
    { ...place, id: `${id}-ack`, type: 'lienthong-acknowledge', wires: [[]] },
  ] as FlowNode[];
};
