import { createHash } from 'node:crypto';
import { HubRefusal } from '#flows/channel/ask-hub.ts';
import type { FlowHub } from '#flows/channel/flow-hub.ts';
import type { Call } from '#schemas/calls.ts';
import type { FlowFault, FlowStage, LeasedMessage } from '#schemas/flow.ts';

/** How long a loan lasts until it is renewed; a runner that dies gives back what it held after this at the latest. */
const leaseSeconds = 30;
const renewMs = 10_000;
const pollMs = 1000;
const limitMs = 60_000;
/** Messages under way at once: more only wait in this process instead of in the database. */
const atOnce = 100;

const lostLoan = (id: string): HubRefusal =>
  new HubRefusal({
    code: 'flow-lease-lost',
    message: `Message ${id} is no longer on loan to this process.`,
    params: { message: id },
  });

/** As the hub takes it: one fault that is too long must not keep the settlements of others. */
const clip = ({ code, text, node, nodeName }: FlowFault): FlowFault => {
  const cut = (given: string, length: number): string => given.replaceAll('\0', '').slice(0, length);
  return {
    code: cut(code, 100),
    text: cut(text, 2000),
    ...(node === undefined ? {} : { node: cut(node, 200) }),
    ...(nodeName === undefined ? {} : { nodeName: cut(nodeName, 200) }),
  };
};

interface UnderWay {
  message: LeasedMessage;
  until: number;
  /** The last failure that a node told of it. */
  fault?: FlowFault;
  /** How often each effect was asked for. */
  effects: Map<string, number>;
}
interface Receiver {
  flow: string;
  limitMs: number;
  deliver(message: LeasedMessage): void;
}

/** Messages on loan to this process. */
export interface Lender extends FlowHub {
  /** Something may be there. */
  wake(): void;
  /** Notes what a node failed with, for when nobody settles the message. */
  note(id: string, fault: FlowFault): void;
  isUnderWay(id: string): boolean;
  /** Claims nothing more; resolves when nothing is under way, or the time is up. */
  drain(withinMs: number): Promise<void>;
}

/** Lends messages from the hub to the nodes of this process. `call` reaches the hub; `runner` is what it knows us by. */
export const createLender = ({
  call,
  stage,
  runner,
}: {
  call: Call;
  stage: FlowStage;
  runner: string;
}): Lender => {
  const receivers = new Map<string, Receiver>();
  const underWay = new Map<string, UnderWay>();
  const toSettle: {
    loan: { id: string; lease: string; fault?: FlowFault; final?: boolean };
    done(): void;
    failed(error: unknown): void;
  }[] = [];
  let flushing = false;
  let claiming = false;
  let woken = false;
  let draining = false;
  let whenIdle: (() => void) | undefined;

  const forget = (id: string): void => {
    underWay.delete(id);
    if (underWay.size === 0) whenIdle?.();
    if (!draining && underWay.size < atOnce / 2) void claim();
  };

  const flush = async (): Promise<void> => {
    if (flushing) return;
    flushing = true;
    // What comes in the same turn, and while the hub answers, goes together.
    await new Promise(setImmediate);
    while (toSettle.length > 0) {
      const batch = toSettle.splice(0, 500);
      try {
        const { lost } = await call('flows.settle', { loans: batch.map(({ loan }) => loan) });
        for (const { loan, done, failed } of batch) {
          forget(loan.id);
          if (lost.includes(loan.id)) failed(lostLoan(loan.id));
          else done();
        }
      } catch (error) {
        // The loans lapse, and the messages come again.
        for (const { loan, failed } of batch) {
          forget(loan.id);
          failed(error);
        }
      }
    }
    flushing = false;
  };

  const settle: FlowHub['settle'] = loan =>
    new Promise((done, failed) => {
      if (underWay.get(loan.id)?.message.lease !== loan.lease) return failed(lostLoan(loan.id));
      const { fault, ...rest } = loan;
      toSettle.push({ loan: fault === undefined ? rest : { ...rest, fault: clip(fault) }, done, failed });
      void flush();
    });

  const deliver = (message: LeasedMessage): void => {
    const receiver = receivers.get(message.node);
    underWay.set(message.id, {
      message,
      until: performance.now() + (receiver?.limitMs ?? limitMs),
      effects: new Map(),
    });
    if (receiver !== undefined) {
      receiver.deliver(message);
      return;
    }
    const fault = {
      code: 'node-gone',
      text: 'The version that runs here has no such node (yet, or any more).',
      node: message.node,
    };
    settle({ id: message.id, lease: message.lease, fault }).catch(() => {});
  };

  const claim = async (): Promise<void> => {
    woken = true;
    if (claiming) return;
    claiming = true;
    try {
      while (woken && !draining && receivers.size > 0) {
        woken = false;
        const limit = atOnce - underWay.size;
        if (limit <= 0) break;
        const flows = [...new Set([...receivers.values()].map(({ flow }) => flow))];
        const messages = await call('flows.claim', { stage, runner, flows, limit, seconds: leaseSeconds });
        for (const message of messages) deliver(message);
        if (messages.length === limit) woken = true;
      }
    } catch {
      // The hub is away: the next poll asks again.
    } finally {
      claiming = false;
    }
  };

  const renew = async (): Promise<void> => {
    const leases = [...underWay.values()].map(({ message }) => message.lease);
    if (leases.length === 0) return;
    const { lost } = await call('flows.renew', { leases, seconds: leaseSeconds });
    for (const [id, { message }] of underWay) if (lost.includes(message.lease)) forget(id);
  };

  const endLate = (): void => {
    const now = performance.now();
    for (const entry of underWay.values()) {
      const { message, until, fault } = entry;
      if (until > now) continue;
      entry.until = Number.POSITIVE_INFINITY;
      const late = {
        code: 'not-settled',
        text: 'The flow neither acknowledged the message nor gave it up in time.',
      };
      settle({ id: message.id, lease: message.lease, fault: fault ?? late }).catch(() => {});
    }
  };

  const timers = [
    setInterval(() => void claim(), pollMs),
    setInterval(() => void renew().catch(() => {}), renewMs),
    setInterval(endLate, pollMs),
  ];

  return {
    stage,
    call,
    settle,
    settled: ({ id }) => forget(id),
    receive({ id, flow, limitMs: limit = limitMs }, take) {
      receivers.set(id, { flow, limitMs: limit, deliver: take });
      void claim();
      return () => receivers.delete(id);
    },
    effectKey({ id, lease }, node, input) {
      const hash = createHash('sha256')
        .update(JSON.stringify(input ?? null))
        .digest('base64url')
        .slice(0, 22);
      const name = `${node}/${hash}`;
      const entry = underWay.get(id);
      if (entry === undefined || entry.message.lease !== lease) return `${name}/0`;
      const count = entry.effects.get(name) ?? 0;
      entry.effects.set(name, count + 1);
      return `${name}/${count}`;
    },
    wake: () => void claim(),
    note(id, fault) {
      const entry = underWay.get(id);
      if (entry !== undefined) entry.fault = fault;
    },
    isUnderWay: id => underWay.has(id),
    async drain(withinMs) {
      draining = true;
      if (underWay.size > 0)
        await Promise.race([
          new Promise<void>(resolve => {
            whenIdle = resolve;
          }),
          new Promise(resolve => setTimeout(resolve, withinMs)),
        ]);
      for (const timer of timers) clearInterval(timer);
    },
  };
};
