import { type Static, Type } from 'typebox';
import { FlowStageName } from '#schemas/flow.ts';

const Time = Type.String({ format: 'date-time' });

/** That a stage was made to run a version: by whom, when and why. */
export const FlowStageChange = Type.Object({
  number: Type.Integer(),
  stage: FlowStageName,
  version: Type.Integer(),
  /** What it ran until then. */
  before: Type.Optional(Type.Integer()),
  kind: Type.Unsafe<'deploy' | 'promotion' | 'roll-back'>({ enum: ['deploy', 'promotion', 'roll-back'] }),
  proposal: Type.Optional(Type.Integer()),
  actor: Type.String(),
  actorName: Type.String(),
  reason: Type.String(),
  at: Time,
});
export type FlowStageChange = Static<typeof FlowStageChange>;

export const flowProposalStates = ['waiting', 'approved', 'refused', 'promoted'] as const;
export const FlowProposalState = Type.Unsafe<(typeof flowProposalStates)[number]>({
  enum: [...flowProposalStates],
});

/** That production should run a version. */
export const FlowProposal = Type.Object({
  number: Type.Integer(),
  version: Type.Integer(),
  /** What production ran when it was proposed: the difference from here to `version` is what is reviewed. */
  base: Type.Optional(Type.Integer()),
  state: FlowProposalState,
  author: Type.String(),
  authorName: Type.String(),
  message: Type.String(),
  at: Time,
  reviewer: Type.Optional(Type.String()),
  reviewerName: Type.Optional(Type.String()),
  comment: Type.Optional(Type.String()),
  reviewedAt: Type.Optional(Time),
});
export type FlowProposal = Static<typeof FlowProposal>;

const Change = Type.Unsafe<'added' | 'removed' | 'changed'>({ enum: ['added', 'removed', 'changed'] });

/** A property that is not as before. Ids of nodes are told by the nodes' names; what is secret is a row of dots. */
export const FlowPropertyChange = Type.Object({
  name: Type.String(),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
});
export type FlowPropertyChange = Static<typeof FlowPropertyChange>;

export const FlowNodeChange = Type.Object({
  change: Change,
  id: Type.String(),
  type: Type.String(),
  /** Its name; without one its type and the beginning of its id. */
  name: Type.String(),
  /** The name of the flow that it was moved from. */
  movedFrom: Type.Optional(Type.String()),
  /** Of a changed node. */
  properties: Type.Array(FlowPropertyChange),
});
export type FlowNodeChange = Static<typeof FlowNodeChange>;

/** A tab, a subflow, or (`config`) the configuration nodes that belong to no tab. */
export const FlowChange = Type.Object({
  change: Change,
  kind: Type.Unsafe<'tab' | 'subflow' | 'config'>({ enum: ['tab', 'subflow', 'config'] }),
  id: Type.String(),
  name: Type.String(),
  /** What it was called before. */
  renamedFrom: Type.Optional(Type.String()),
  properties: Type.Array(FlowPropertyChange),
  nodes: Type.Array(FlowNodeChange),
});
export type FlowChange = Static<typeof FlowChange>;

/** What makes one version differ from another in effect. Positions and sizes on the canvas are not in it. */
export const FlowDifference = Type.Object({
  flows: Type.Array(FlowChange),
  /** The encrypted credentials are not the same; what they are is never told. */
  credentials: Type.Boolean(),
  /** Something was moved on the canvas, or the tabs were put in another order. */
  layout: Type.Boolean(),
});
export type FlowDifference = Static<typeof FlowDifference>;
