import { attemptsOf } from '#hub/flows/attempts-of.ts';
import type { FlowContents } from '#schemas/flow.ts';
import { nodesOn } from '#schemas/flow-on.ts';

/** A node that brings messages into its flow by itself. */
export type FlowSource = { flow: string; node: string; attempts: number } & (
  | { kind: 'changes'; app: string; port: string; everySeconds: number }
  | { kind: 'schedule'; cron: string }
);

const seconds = (value: unknown): number => {
  const given = Number(value);
  return Number.isFinite(given) && given > 0 ? Math.max(1, given) : 60;
};

/** The sources that are on. Pure. */
export const sourcesOf = (contents: FlowContents): FlowSource[] =>
  nodesOn(contents).flatMap(({ id: node, type, z: flow, attempts, ...config }): FlowSource[] => {
    const place = { flow, node, attempts: attemptsOf(attempts) };
    if (type === 'lienthong-changes-in')
      return [
        {
          ...place,
          kind: 'changes',
          app: String(config.app ?? ''),
          port: String(config.port ?? ''),
          everySeconds: seconds(config.every),
        },
      ];
    if (type === 'lienthong-schedule-in')
      return [{ ...place, kind: 'schedule', cron: String(config.cron ?? '') }];
    return [];
  });
