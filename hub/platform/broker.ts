import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Context, Errors, ServiceBroker } from 'moleculer';
import type { Call } from '#hub/platform/calls.ts';
import { readNatsUrl } from '#hub/platform/embedded/read-nats-url.ts';
import { AppError, type ErrorCode, type Fault } from '#hub/platform/errors.ts';
import type { Log } from '#hub/platform/log.ts';
import type { Part } from '#hub/platform/part.ts';
import { type CommandName, commands } from '#schemas/calls.ts';

const ajv = formats.default(new Ajv2020({ allErrors: true, useDefaults: true }));

/** An AppError in the form that Moleculer carries to another node. */
const toWire = (error: unknown): unknown =>
  error instanceof AppError
    ? new Errors.MoleculerError(error.message, error.status, error.code, {
        params: error.params,
        faults: error.faults,
      })
    : error;

const fromWire = (error: unknown): unknown => {
  if (!(error instanceof Errors.MoleculerError)) return error;
  if (error instanceof Errors.ServiceNotFoundError || error instanceof Errors.ServiceNotAvailableError)
    return new AppError('not-ready', {}, { cause: error });
  const data = error.data as { params?: Record<string, string | number>; faults?: Fault[] } | undefined;
  if (data?.params === undefined) return error;
  return new AppError(error.type as ErrorCode, data.params, { faults: data.faults ?? [], cause: error });
};

/** The bus between parts, on one node or many. */
export interface Broker {
  call: Call;
  /** Offers a part's actions; every parameter is checked against the command's schema. */
  offer(part: Part): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  nodeId: string;
}

/** Without a NATS address everything stays in this process. */
export const createBroker = (options: { natsUrl?: string; nodeId: string; log: Log }): Broker => {
  const broker = new ServiceBroker({
    nodeID: options.nodeId,
    namespace: 'lienthong',
    // Local handlers are preferred; the rest is balanced over the nodes that offer the command.
    registry: { preferLocal: true, strategy: 'RoundRobin' },
    ...(options.natsUrl === undefined
      ? {}
      : {
          transporter: {
            type: 'NATS',
            options: { ...readNatsUrl(options.natsUrl), maxReconnectAttempts: -1, reconnectTimeWait: 250 },
          },
        }),
    // Off by default in Moleculer: without a limit a call to a node that dies waits for ever.
    requestTimeout: 30_000,
    heartbeatInterval: 2,
    heartbeatTimeout: 8,
    // Our own shutdown drains first; Moleculer's would exit before it is done.
    skipProcessEventRegistration: true,
    logger: false,
    validator: false,
  });

  return {
    nodeId: options.nodeId,
    offer(part) {
      const actions: Record<string, unknown> = {};
      for (const [name, handle] of Object.entries(part.actions)) {
        const check = ajv.compile(commands[name as CommandName].params);
        actions[name.slice(part.name.length + 1)] = async (context: Context<Record<string, unknown>>) => {
          if (!check(context.params))
            throw toWire(
              new AppError(
                'invalid-request',
                {},
                {
                  faults: (check.errors ?? []).map(error => ({
                    pointer: error.instancePath,
                    code: error.keyword,
                    detail: error.message ?? '',
                  })),
                },
              ),
            );
          try {
            return await (handle as (params: unknown) => Promise<unknown>)(context.params);
          } catch (error) {
            throw toWire(error);
          }
        };
      }
      broker.createService({ name: part.name, actions: actions as never });
    },
    call: async (name, params, callOptions) => {
      try {
        return (await broker.call(name, params as Record<string, unknown>, {
          ...(callOptions?.timeoutMs === undefined ? {} : { timeout: callOptions.timeoutMs }),
          ...(callOptions?.nodeId === undefined ? {} : { nodeID: callOptions.nodeId }),
        })) as never;
      } catch (error) {
        throw fromWire(error);
      }
    },
    start: () => broker.start(),
    stop: () => broker.stop(),
  };
};
