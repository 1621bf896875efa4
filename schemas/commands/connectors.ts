import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import type { ConnectorState } from '#schemas/connector.ts';

/** The connectors that run on some node of this hub. */
export const connectorCommands = {
  'connectors.list': command<ConnectorState[]>()(Type.Object({})),
  /** Ids of every connector that this version has, set up or not. */
  'connectors.known': command<string[]>()(Type.Object({})),
  /** What can be asked of every connector that this version has, set up or not: its ports and their methods. */
  'connectors.ports': command<{ id: string; ports: { name: string; methods: string[] }[] }[]>()(
    Type.Object({}),
  ),
  /** Calls the app once, harmlessly, and tells how it went. */
  'connectors.check': command<{ ok: boolean; ports: { port: string; ok: boolean; detail: string }[] }>()(
    Type.Object({ id: Type.String() }),
  ),
  /**
   * One port call with its timeout, rate, concurrency and circuit breaker. The answer is data in both
   * cases: `ok` with the port's result, or the kit error. `input` is the list of the method's arguments, without the context.
   */
  'connectors.invoke': command<InvokeAnswer>()(
    Type.Object({
      id: Type.String(),
      port: Type.String(),
      method: Type.String(),
      input: Type.Array(Type.Unknown()),
    }),
  ),
};

export type InvokeAnswer =
  | { ok: true; result: unknown; durationMs: number }
  | {
      ok: false;
      code: string;
      message: string;
      retryable: boolean;
      retryAfterMs?: number;
      /** The breaker is open: the app was not called at all. */
      skipped?: boolean;
      durationMs: number;
    };
