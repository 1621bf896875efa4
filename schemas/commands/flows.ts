import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { flowFormCommands } from '#schemas/commands/flow-forms.ts';
import { flowVersionCommands } from '#schemas/commands/flow-versions.ts';
import {
  type FlowContents as Contents,
  FlowContents,
  FlowFault,
  type FlowMessageState,
  FlowStageName,
  type FlowsAtWork,
  type FlowVersion,
  type LeasedMessage,
} from '#schemas/flow.ts';
import { FlowCase, type FlowCaseResult } from '#schemas/flow-case.ts';
import type { Unit } from '#schemas/unit.ts';

const Id = Type.String({ minLength: 1, maxLength: 100 });
const Message = Type.Record(Type.String(), Type.Unknown());
/** A loan: the message and the lease that proves it. A lease that was lost is answered `flow-lease-lost`, and nothing is done. */
const Loan = { id: Type.String({ format: 'uuid' }), lease: Type.String({ format: 'uuid' }) };

/** What flows stand on: messages on loan, what a message did, what waits, what is kept, and versions. */
export const flowCommands = {
  /** Lends messages to a runner: of one key one at a time, oldest first. Also what an earlier holder let lapse. */
  'flows.claim': command<LeasedMessage[]>()(
    Type.Object({
      stage: FlowStageName,
      runner: Id,
      flows: Type.Array(Id, { maxItems: 1000 }),
      limit: Type.Integer({ minimum: 1, maximum: 500 }),
      seconds: Type.Integer({ minimum: 1, maximum: 3600 }),
    }),
  ),
  /** Lets loans last so many seconds from now; answers those that are lost. */
  'flows.renew': command<{ lost: string[] }>()(
    Type.Object({
      leases: Type.Array(Type.String({ format: 'uuid' }), { maxItems: 1000 }),
      seconds: Type.Integer({ minimum: 1, maximum: 3600 }),
    }),
  ),
  /** Ends loans: handled, or failed (tried again later and in the end a dead letter; `final`: at once). Answers those that were lost. */
  'flows.settle': command<{ lost: string[] }>()(
    Type.Object({
      loans: Type.Array(
        Type.Object({
          ...Loan,
          fault: Type.Optional(FlowFault),
          final: Type.Optional(Type.Boolean()),
        }),
        { minItems: 1, maxItems: 1000 },
      ),
    }),
  ),
  /** Gives back all that a runner held, for it is gone. Answers the flows that held something: one of them may be why. */
  'flows.release': command<{ flows: string[] }>()(Type.Object({ runner: Id, crashed: Type.Boolean() })),
  /** Hands a message to an input of a flow; the same `id` again is the same message. */
  'flows.put': command<{ id: string }>()(
    Type.Object({
      stage: FlowStageName,
      flow: Id,
      node: Id,
      id: Type.String({ format: 'uuid' }),
      key: Type.Optional(Type.String({ maxLength: 200 })),
      message: Message,
    }),
  ),
  /**
   * What a message does to the world, once: repeated under the same `key` the answer of the first time comes back and nothing
   * is done. `command` is one of `effects` (hub/flows): `app.call`, `hub.command`, `notify`.
   */
  'flows.effect': command<{ answer: unknown; repeated: boolean }>()(
    Type.Object({
      ...Loan,
      key: Type.String({ minLength: 1, maxLength: 200 }),
      command: Type.String({ maxLength: 60 }),
      input: Type.Unknown(),
    }),
  ),
  /** Settles a message and lets one go on at `node` when it is time. Durable; costs a runner nothing. */
  'flows.wait': command<void>()(
    Type.Object({
      ...Loan,
      node: Id,
      message: Message,
      until: Type.String({ format: 'date-time' }),
    }),
  ),
  /**
   * Settles a message and keeps it with others of the same key; the one that completes them (so many, or one of each name)
   * goes on at `node` with all of them, and so does what is there when the time is up.
   */
  'flows.correlate': command<void>()(
    Type.Object({
      ...Loan,
      node: Id,
      key: Type.String({ minLength: 1, maxLength: 300 }),
      /** What this part is called; the same name again replaces the part. */
      name: Type.String({ minLength: 1, maxLength: 100 }),
      message: Message,
      count: Type.Integer({ minimum: 1, maximum: 1000 }),
      until: Type.String({ format: 'date-time' }),
    }),
  ),
  /** Takes a key for a flow for ever, or tells what it was taken for: the idempotent receiver. */
  'flows.once': command<{ first: boolean }>()(
    Type.Object({ ...Loan, node: Id, key: Type.String({ minLength: 1, maxLength: 300 }) }),
  ),
  /** What a flow keeps. `version` compares: a write that goes out from another one is answered `flow-state-changed`. */
  'flows.read-state': command<{ value?: unknown; version: number }>()(
    Type.Object({ stage: FlowStageName, flow: Id, key: Type.String({ minLength: 1, maxLength: 300 }) }),
  ),
  'flows.write-state': command<{ version: number }>()(
    Type.Object({
      stage: FlowStageName,
      flow: Id,
      key: Type.String({ minLength: 1, maxLength: 300 }),
      /** Absent: forgets it. */
      value: Type.Optional(Type.Unknown()),
      version: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ),

  /** People as flows may see them (the entitlement of the app `flows`): by what, and within which unit. In service only, but by id. */
  'flows.find-staff': command<Record<string, unknown>[]>()(
    Type.Object({
      by: Type.Unsafe<'id' | 'code' | 'username' | 'name' | 'unit'>({
        type: 'string',
        enum: ['id', 'code', 'username', 'name', 'unit'],
      }),
      value: Type.Optional(Type.String({ maxLength: 200 })),
      unitId: Type.Optional(Type.String()),
      /** With the units below it. */
      subtree: Type.Optional(Type.Boolean()),
    }),
  ),
  'flows.find-unit': command<Unit[]>()(
    Type.Object({
      by: Type.Unsafe<'id' | 'code' | 'name'>({ type: 'string', enum: ['id', 'code', 'name'] }),
      value: Type.String({ minLength: 1, maxLength: 200 }),
    }),
  ),
  /** Who leads a unit, by title. */
  'flows.find-head': command<Record<string, unknown>>()(Type.Object({ unitId: Type.String() })),

  /** What a stage runs; undefined before the first deploy. `credentials` are as Node-RED encrypted them. */
  'flows.current': command<
    { version: FlowVersion; contents: Contents; credentials: Record<string, unknown> } | undefined
  >()(Type.Object({ stage: FlowStageName })),
  /**
   * A deploy: a version of its own, at once in the sandbox stage; one that changes nothing answers what is there. `base` is
   * the version that the person saw: when the stage runs another one by now, `flow-conflict` tells who and when, the stage
   * stays, and what was deployed is kept as a version that no stage runs.
   */
  'flows.deploy': command<FlowVersion>()(
    Type.Object({
      base: Type.Optional(Type.Integer()),
      contents: FlowContents,
      credentials: Type.Record(Type.String(), Type.Unknown()),
      author: Type.String(),
      authorName: Type.String(),
      message: Type.String({ maxLength: 500 }),
    }),
  ),
  ...flowVersionCommands,
  ...flowFormCommands,

  /** The latest messages of a flow, newest first: how each went. */
  'flows.recent-messages': command<FlowMessageState[]>()(
    Type.Object({ stage: FlowStageName, flow: Id, limit: Type.Integer({ minimum: 1, maximum: 200 }) }),
  ),
  /** Tries dead letters again. */
  'flows.replay': command<{ replayed: number }>()(
    Type.Object({
      stage: FlowStageName,
      ids: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { maxItems: 1000 })),
      flow: Type.Optional(Id),
      node: Type.Optional(Id),
      code: Type.Optional(Type.String({ maxLength: 100 })),
      actor: Type.String(),
      requestId: Type.Optional(Type.String()),
    }),
  ),

  /** Cases of some flows, or of all. */
  'flows.cases': command<{ flow: string; given: FlowCase }[]>()(
    Type.Object({ flows: Type.Optional(Type.Array(Id)) }),
  ),
  'flows.put-case': command<void>()(Type.Object({ flow: Id, given: FlowCase, actor: Type.String() })),
  /** Makes a case of a real message; everything personal in it is made up. */
  'flows.record-case': command<{ flow: string; given: FlowCase }>()(
    Type.Object({ messageId: Type.String({ format: 'uuid' }), name: Type.String(), actor: Type.String() }),
  ),

  /**
   * Runs the cases of some flows, or of all, over the given contents (those of the sandbox stage when absent): in a process of
   * their own with no way to the hub.
   */
  'flow-runtime.run-cases': command<FlowCaseResult[]>()(
    Type.Object({ contents: Type.Optional(FlowContents), flows: Type.Optional(Type.Array(Id)) }),
  ),
  /** Processes that run flows on one node, and flows that are not run because they ended their process again and again. */
  'flow-runtime.show': command<FlowsAtWork>()(Type.Object({})),
  /** Runs a stopped flow again. */
  'flow-runtime.resume': command<void>()(Type.Object({ flow: Id })),
};
