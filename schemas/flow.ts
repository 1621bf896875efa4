import { type Static, Type } from 'typebox';

/** Where flows run. Every deploy goes to `sandbox`; `production` gets what was promoted. A hub runs one of them. */
export const flowStages = ['sandbox', 'production'] as const;
export type FlowStage = (typeof flowStages)[number];
export const FlowStageName = Type.Unsafe<FlowStage>({ type: 'string', enum: [...flowStages] });

/** One node as Node-RED keeps it: what every node has, and whatever its type adds. A tab is a node of type `tab`. */
export const FlowNode = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 100 }), type: Type.String({ minLength: 1, maxLength: 100 }) },
  { additionalProperties: true },
);
export type FlowNode = Static<typeof FlowNode> & Record<string, unknown>;

/** All flows of a stage as one array, as Node-RED's own flow file. Credentials are beside it, encrypted by Node-RED. */
export const FlowContents = Type.Array(FlowNode, { maxItems: 20_000 });
export type FlowContents = FlowNode[];

/** One deploy: a commit with its author. */
export const FlowVersion = Type.Object({
  number: Type.Integer(),
  /** What it was made from; absent for the first. */
  base: Type.Optional(Type.Integer()),
  /** `staff/<uuid>`. */
  author: Type.String(),
  authorName: Type.String(),
  message: Type.String(),
  at: Type.String({ format: 'date-time' }),
  /** Stages that run it now; none: it was replaced, or kept when its deploy came too late. */
  stages: Type.Array(FlowStageName),
});
export type FlowVersion = Static<typeof FlowVersion>;

/** What leads into flows: a node that takes events of the log, or what is handed in by `flows.put`. */
export interface FlowInput {
  stage: FlowStage;
  /** The tab's id. */
  flow: string;
  node: string;
  /** Types of events, without prefix and suffix (`staff.joined`); empty: only what is handed in. */
  types: string[];
  /** Messages of one subject one after the other. */
  ordered: boolean;
  /** Tries before a message is a dead letter. */
  attempts: number;
}

/** A message on loan to a runner. Whoever holds `lease` may settle it; after its time somebody else gets it. */
export interface LeasedMessage {
  id: string;
  lease: string;
  flow: string;
  /** Where it goes on: the node that takes it in, waits, or correlates. */
  node: string;
  attempt: number;
  /** The node's message: of an event its data, else what was put or kept. */
  message: Record<string, unknown>;
}

/** Where and why a message failed. */
export const FlowFault = Type.Object({
  code: Type.String({ maxLength: 100 }),
  text: Type.String({ maxLength: 2000 }),
  /** Name and type of the node at fault. */
  node: Type.Optional(Type.String({ maxLength: 200 })),
  nodeName: Type.Optional(Type.String({ maxLength: 200 })),
});
export type FlowFault = Static<typeof FlowFault>;

/** How a message of a flow went. */
export interface FlowMessageState {
  id: string;
  state: 'ready' | 'leased' | 'done' | 'dead';
  tries: number;
  at: string;
  fault?: FlowFault;
}

/** A message that nobody could handle. */
export interface FlowDeadLetter {
  id: string;
  stage: FlowStage;
  flow: string;
  flowName: string;
  fault: FlowFault;
  message: Record<string, unknown>;
  attempts: number;
  at: string;
}

/** The flows of a stage at work on one node. */
export interface FlowsAtWork {
  version: number | undefined;
  runners: { name: string; pid: number; flows: string[] }[];
  /** Flows that ended their process again and again: they are not run until they are deployed anew or started by hand. */
  stopped: string[];
}
