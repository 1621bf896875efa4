import type { FlowContents } from '#schemas/flow.ts';

/** Flows as cases run them: nothing starts by itself (timers of inject nodes), all flows are on. Pure. */
export const harmless = (contents: FlowContents): FlowContents =>
  contents.map(node => {
    if (node.type === 'inject') return { ...node, repeat: '', crontab: '', once: false };
    if (node.type === 'tab') return { ...node, disabled: false };
    return node;
  });
