import type { FlowContents } from '#schemas/flow.ts';

/** A node that brings messages into its flow by itself. */
export type FlowSource = { flow: string; node: string; attempts: number } & (
  | { kind: 'changes'; app: string; port: string; everySeconds: number }
  | { kind: 'schedule'; cron: string }
);

const mostAttempts = 100;
const number = (value: unknown, fallback: number): number => {
  const given = Number(value);
  return Number.isFinite(given) && given > 0 ? given : fallback;
};

/** The sources that are on, on tabs that are on. Pure. */
export const sourcesOf = (contents: FlowContents): FlowSource[] => {
  const tabs = new Set(
    contents.filter(({ type, disabled }) => type === 'tab' && disabled !== true).map(({ id }) => id),
  );
  return contents.flatMap(({ id: node, type, z, d, attempts, ...config }): FlowSource[] => {
    const flow = String(z);
    if (d === true || !tabs.has(flow)) return [];
    const place = {
      flow,
      node,
      attempts: Math.min(mostAttempts, Math.max(1, Math.round(number(attempts, 5)))),
    };
    if (type === 'lienthong-changes-in')
      return [
        {
          ...place,
          kind: 'changes',
          app: String(config.app ?? ''),
          port: String(config.port ?? ''),
          everySeconds: Math.max(1, number(config.every, 60)),
        },
      ];
    if (type === 'lienthong-schedule-in')
      return [{ ...place, kind: 'schedule', cron: String(config.cron ?? '') }];
    return [];
  });
};
