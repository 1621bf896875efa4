import createFlows from '#hub/flows/flows.service.ts';
import type { Config } from '#hub/platform/config.ts';
import type { AppError } from '#hub/platform/errors.ts';
import type { FlowContents, FlowNode, FlowVersion } from '#schemas/flow.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** People of the IT centre. */
export const an = { actor: 'staff/0197e6a0-0000-7000-8000-00000000000a', actorName: 'Nguyễn Văn An' };
export const binh = { actor: 'staff/0197e6a0-0000-7000-8000-00000000000b', actorName: 'Trần Thị Bình' };

/** A flow that takes in two types of events, and tells whom it is for. */
export const flowFor = (whom: string, more: object = {}): FlowContents => [
  { id: 'tab1', type: 'tab', label: 'Văn bản đến' },
  { id: 'in1', type: 'lienthong-event-in', z: 'tab1', x: 1, y: 1, wires: [['tell']], ...input, ...more },
  { id: 'tell', type: 'lienthong-notify', z: 'tab1', name: `Báo ${whom}`, x: 2, y: 1, wires: [] } as FlowNode,
];
const input = { types: ['staff.joined', 'staff.left'], ordered: true, attempts: 3 };

/** Whether something was refused with this code. */
export const refusedWith =
  (code: string) =>
  (error: unknown): boolean =>
    (error as AppError).code === code;

export interface EditedHub {
  hub: TestHub;
  /** What a person deploys from the version that they saw. */
  deploy(
    who: typeof an,
    base: number | undefined,
    contents: FlowContents,
    credentials?: Record<string, unknown>,
  ): Promise<FlowVersion>;
  stop(): Promise<void>;
}

/** Flows on a database of their own; background work only when `started`. */
export const startEdited = async (config: Partial<Config> = {}, started = false): Promise<EditedHub> => {
  const hub = await createTestHub([createFlows], { started, config });
  return {
    hub,
    deploy: ({ actor, actorName }, base, contents, credentials = {}) =>
      hub.call('flows.deploy', {
        ...(base === undefined ? {} : { base }),
        ...{ contents, credentials, author: actor, authorName: actorName, message: '' },
      }),
    stop: () => hub.stop(),
  };
};
