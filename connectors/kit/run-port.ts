import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import type { ConnectorInstance } from './define-connector.ts';
import { ConnectorError } from './errors.ts';
import { type Guard, SkippedCall } from './guard.ts';
import { portInputs } from './port-inputs.ts';
import { portMethods } from './port-methods.ts';
import type { CallContext, PortName } from './ports.ts';

/** Runs `work` within the guard's limits and tells how it went as data; it never throws. */
export const answerOf = async (
  guard: Guard,
  work: (context: CallContext) => Promise<unknown>,
): Promise<InvokeAnswer> => {
  const started = performance.now();
  const durationMs = () => Math.round(performance.now() - started);
  try {
    const result = await guard.run(signal => work({ signal }));
    return { ok: true, result, durationMs: durationMs() };
  } catch (error) {
    const fault =
      error instanceof ConnectorError
        ? error
        : new ConnectorError('unexpected-answer', 'the connector failed', { cause: error });
    return {
      ok: false,
      code: fault.code,
      message: fault.message,
      retryable: fault.retryable,
      ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
      ...(fault instanceof SkippedCall ? { skipped: true } : {}),
      durationMs: durationMs(),
    };
  }
};

type PortCall = (...args: unknown[]) => Promise<unknown>;

/** The schema of the method's one argument, where it has one. */
const schemaOf = (port: string, method: string): TSchema | undefined =>
  (portInputs[port as PortName] as Record<string, TSchema> | undefined)?.[method];

/**
 * One call of a port. `input` is the array of the method's arguments without the context: `[account]` for
 * `accounts.upsert`, `[{ cursor, limit }]` for `accounts.list`, `[externalId]` for `accounts.get`. A port or a
 * method that the connector does not offer, or an argument that does not fit its schema (`port-inputs.ts`), is
 * `refused` without calling the app. `durationMs` includes the wait for a turn.
 */
export const runPort = (
  instance: ConnectorInstance,
  guard: Guard,
  port: string,
  method: string,
  input: unknown[],
): Promise<InvokeAnswer> => {
  const no = (message: string): Promise<InvokeAnswer> =>
    Promise.resolve({ ok: false, code: 'refused', message, retryable: false, durationMs: 0 });
  const offered = Object.hasOwn(instance.ports, port) ? instance.ports[port as PortName] : undefined;
  const methods: readonly string[] = portMethods[port as PortName] ?? [];
  if (offered === undefined || !methods.includes(method))
    return no(`the connector does not offer ${port}.${method}`);
  const schema = schemaOf(port, method);
  if (schema !== undefined && !Check(schema, input[0])) {
    const [first] = Errors(schema, input[0]);
    const place = first?.instancePath || '/';
    return no(`the input of ${port}.${method} is wrong at ${place}: ${first?.message ?? ''}`);
  }
  const call = (offered as unknown as Record<string, PortCall>)[method] as PortCall;
  return answerOf(guard, context => call.call(offered, ...input, context));
};
