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

/** A handler behind the check of its parameters. */
const checked = (name: CommandName, handle: (params: unknown) => Promise<unknown>) => {
  const check = ajv.compile(commands[name].params);
  return async (params: unknown): Promise<unknown> => {
    if (check(params)) return handle(params);
    throw new AppError(
      'invalid-request',
      {},
      {
        faults: (check.errors ?? []).map(error => ({
          pointer: error.instancePath,
          code: error.keyword,
          detail: error.message ?? '',
        })),
      },
    );
  };
};

const timeoutMs = 30_000;

/** The answer, or after `ms` the same error that a call over the bus would end with. */
const within = async <T>(work: Promise<T>, ms: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new AppError('not-ready', {}, { cause: new Error(`no answer within ${ms} ms`) })),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
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
    requestTimeout: timeoutMs,
    heartbeatInterval: 2,
    heartbeatTimeout: 8,
    // Our own shutdown drains first; Moleculer's would exit before it is done.
    skipProcessEventRegistration: true,
    logger: false,
    validator: false,
  });

  /** What is offered in this process: called without the bus, which costs more than most of the work behind it. */
  const local = new Map<string, (params: unknown) => Promise<unknown>>();
  let started = false;

  return {
    nodeId: options.nodeId,
    offer(part) {
      const actions: Record<string, unknown> = {};
      for (const [name, handle] of Object.entries(part.actions)) {
        const answer = checked(name as CommandName, handle as (params: unknown) => Promise<unknown>);
        local.set(name, answer);
        actions[name.slice(part.name.length + 1)] = (context: Context) =>
          answer(context.params).catch(error => {
            throw toWire(error);
          });
      }
      broker.createService({ name: part.name, actions: actions as never });
    },
    call: async (name, params, callOptions) => {
      const here = started && callOptions?.nodeId === undefined ? local.get(name) : undefined;
      if (here !== undefined)
        return (await within(here(params), callOptions?.timeoutMs ?? timeoutMs)) as never;
      try {
        return (await broker.call(name, params as Record<string, unknown>, {
          ...(callOptions?.timeoutMs === undefined ? {} : { timeout: callOptions.timeoutMs }),
          ...(callOptions?.nodeId === undefined ? {} : { nodeID: callOptions.nodeId }),
        })) as never;
      } catch (error) {
        throw fromWire(error);
      }
    },
    async start() {
      await broker.start();
      started = true;
    },
    async stop() {
      started = false;
      await broker.stop();
    },
  };
};
