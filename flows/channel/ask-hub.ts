import { createBirpc } from 'birpc';
import type { Call, CommandName } from '#schemas/calls.ts';
import type { ParamsOf, ResultOf } from '#schemas/command.ts';

/** What a command came to, as data: errors lose their class between processes. */
export type HubAnswer =
  | { ok: true; result: unknown }
  | { ok: false; code: string; message: string; params: Record<string, string | number> };

/** What a process of Node-RED may ask of the hub's process, over the pipe that its parent made. */
export interface HubSide {
  call(name: CommandName, params: unknown): Promise<HubAnswer>;
}

/** A command that was not done, with the hub's code and words. */
export class HubRefusal extends Error {
  readonly code: string;
  readonly params: Record<string, string | number>;
  constructor({
    code,
    message,
    params,
  }: { code: string; message: string; params: Record<string, string | number> }) {
    super(message);
    this.name = 'HubRefusal';
    this.code = code;
    this.params = params;
  }
}

/** The part of a process that talks with its parent or its child. */
export interface Pipe {
  send?(message: unknown): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/**
 * The child's end. `functions` is what the parent may ask of it. A command goes to the hub's process, which alone has the
 * database, the network's secrets and the rights: a process of flows holds none of them.
 *
 * @throws {HubRefusal} (by `call`) what the hub said no to
 */
export const openHub = <F extends object>(
  functions: F,
  pipe: Pipe = process as unknown as Pipe,
): { call: Call } => {
  const hub = createBirpc<HubSide, F>(functions, {
    post: data => pipe.send?.(data),
    on: listener => pipe.on('message', listener),
    timeout: 310_000,
  });
  return {
    async call<N extends CommandName>(
      name: N,
      params: ParamsOf<typeof import('#schemas/calls.ts')['commands'][N]>,
    ) {
      const answer = await hub.call(name, params);
      if (!answer.ok) throw new HubRefusal(answer);
      return answer.result as ResultOf<typeof import('#schemas/calls.ts')['commands'][N]>;
    },
  };
};
