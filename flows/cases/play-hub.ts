import { fits } from '#flows/cases/fits.ts';
import { HubRefusal } from '#flows/channel/ask-hub.ts';
import type { FlowHub } from '#flows/channel/flow-hub.ts';
import type { Call } from '#schemas/calls.ts';
import type { FlowFault, LeasedMessage } from '#schemas/flow.ts';
import type { FlowCase } from '#schemas/flow-case.ts';

/** One case under way. */
export interface Played {
  calls: { command: string; input: unknown }[];
  ended: string | undefined;
  fault: FlowFault | undefined;
  /** Something happened: whoever waits for the end looks again. */
  onChange(): void;
}

type Params = Record<string, unknown> & { id?: string; key?: string; node?: string };

/**
 * The hub as a case plays it: it answers from the case's stubs, writes down what was asked, and does nothing. Each case's message has
 * an id of its own, so several could run at once.
 */
export const playHub = () => {
  const receivers = new Map<string, (message: LeasedMessage) => void>();
  const cases = new Map<
    string,
    { given: FlowCase; played: Played; state: Map<string, unknown>; taken: Set<string> }
  >();
  let running: string | undefined;

  const answer = (id: string, command: string, input: unknown): unknown => {
    const { given, played } = cases.get(id)!;
    played.calls.push({ command, input });
    const stub = given.stubs?.find(one => one.command === command && fits(input, one.input ?? {}));
    if (stub?.refuse !== undefined)
      throw new HubRefusal({ message: stub.refuse.code, ...stub.refuse, params: {} });
    return structuredClone(stub?.answer ?? null);
  };
  const end = (id: string, how: string, fault?: FlowFault): void => {
    const entry = cases.get(id);
    if (entry === undefined) return;
    entry.played.ended ??= how;
    entry.played.fault ??= fault;
    entry.played.onChange();
  };

  const own: Record<string, (params: Params, id: string) => unknown> = {
    'flows.effect': ({ command, input }, id) => ({
      answer: answer(id, String(command), input),
      repeated: false,
    }),
    'flows.wait'({ message, node, until }, id) {
      const { given, played } = cases.get(id)!;
      played.calls.push({ command: 'wait', input: { until, message } });
      if (given.passWaits !== true) return end(id, 'waits');
      setImmediate(() => go(id, String(node), message as Record<string, unknown>));
    },
    'flows.correlate'({ key, name, count }, id) {
      cases.get(id)!.played.calls.push({ command: 'correlate', input: { key, name, count } });
      end(id, 'correlates');
    },
    'flows.once': ({ key }, id) => {
      const { taken } = cases.get(id)!;
      const first = !taken.has(String(key));
      taken.add(String(key));
      return { first };
    },
    'flows.read-state': ({ key }, id) => {
      const { state } = cases.get(id)!;
      return { value: structuredClone(state.get(String(key))), version: state.has(String(key)) ? 1 : 0 };
    },
    'flows.write-state': ({ key, value }, id) => {
      cases.get(id)!.state.set(String(key), value);
      return { version: 1 };
    },
  };

  const go = (id: string, node: string, message: Record<string, unknown>): void =>
    receivers.get(node)?.({ id, lease: id, flow: '', node, attempt: 1, message: structuredClone(message) });

  const call = async (name: string, params: Params): Promise<unknown> => {
    // Questions that belong to no message are the running case's: cases run one after the other.
    const id = params.id !== undefined && cases.has(params.id) ? params.id : running;
    if (id === undefined || !cases.has(id)) return null;
    const result = own[name]?.(params, id);
    return name in own ? result : answer(id, name, params);
  };

  const hub: FlowHub = {
    stage: 'sandbox',
    call: call as Call,
    receive({ id }, deliver) {
      receivers.set(id, deliver);
      return () => receivers.delete(id);
    },
    async settle({ id, fault, final }) {
      end(id, fault === undefined ? 'acknowledged' : final === true ? 'dead-letter' : 'failed', fault);
    },
    settled: () => {},
    effectKey: (_loan, node) => node,
  };

  return {
    hub,
    has: (node: string): boolean => receivers.has(node),
    isUnderWay: (id: string): boolean => cases.has(id),
    note: (): void => {},
    /** Hands a case's message to its node. */
    begin(id: string, node: string, given: FlowCase, onChange: () => void): Played {
      const played: Played = { calls: [], ended: undefined, fault: undefined, onChange };
      cases.set(id, {
        given,
        played,
        state: new Map(Object.entries(given.state ?? {})),
        taken: new Set(given.taken),
      });
      running = id;
      go(id, node, given.in.message);
      return played;
    },
    end: (id: string): void => void cases.delete(id),
  };
};
