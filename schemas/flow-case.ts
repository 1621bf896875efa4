import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const Anything = Type.Record(Type.String(), Type.Unknown());

/** What a command is answered in a case; the first whose `input` fits (only the members that it names are compared). */
export const FlowStub = Type.Object(
  {
    command: Type.String({
      maxLength: 100,
      description: 'app.call, hub.command, flows.find-staff, http.request, …',
    }),
    input: Type.Optional(Type.Unknown()),
    answer: Type.Optional(Type.Unknown()),
    /** It refuses instead. */
    refuse: Type.Optional(
      Type.Object({ code: Type.String(), message: Type.Optional(Type.String()) }, strict),
    ),
  },
  strict,
);
export type FlowStub = Static<typeof FlowStub>;

/** A test of a flow: a message in, what the world answers, and what the flow must have done. Nothing real is touched. */
export const FlowCase = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    in: Type.Object(
      { node: Type.String({ description: 'The id or the name of the node' }), message: Anything },
      strict,
    ),
    stubs: Type.Optional(Type.Array(FlowStub, { maxItems: 200 })),
    /** What the flow keeps before. */
    state: Type.Optional(Anything),
    /** Keys that were taken before (`once`). */
    taken: Type.Optional(Type.Array(Type.String())),
    /** Commands in the order in which they must come; of an input only the members that are named here. */
    calls: Type.Array(Type.Object({ command: Type.String(), input: Type.Optional(Type.Unknown()) }, strict)),
    /** How the message must end. */
    ends: Type.Unsafe<'acknowledged' | 'dead-letter' | 'waits' | 'correlates' | 'failed'>({
      type: 'string',
      enum: ['acknowledged', 'dead-letter', 'waits', 'correlates', 'failed'],
    }),
    /** Waits are over at once; the flow goes on after them. */
    passWaits: Type.Optional(Type.Boolean()),
  },
  strict,
);
export type FlowCase = Static<typeof FlowCase>;

/** What became of a case. */
export interface FlowCaseResult {
  flow: string;
  name: string;
  ok: boolean;
  /** In words, for people: what was expected and what came. */
  faults: string[];
  calls: { command: string; input: unknown }[];
  ended: string;
  tookMs: number;
}
