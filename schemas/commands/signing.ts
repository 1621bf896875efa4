import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { Day } from '#schemas/hr-record.ts';
import type { AgentCall, AgentOutcome, DecisionOutcome, WaitingStep } from '#schemas/signing.ts';

const Uuid = Type.String({ format: 'uuid' });

/** Requests for signatures, as the desk of those who sign needs them. */
export const signingCommands = {
  /** What waits for this person: their own, what is delegated to them, and for clerks what waits for their unit's seal. */
  'signing.waiting': command<WaitingStep[]>()(Type.Object({ staffId: Uuid })),
  /** How much of that there is: asked often, so it asks no signing service. */
  'signing.count': command<number>()(Type.Object({ staffId: Uuid })),
  /** The file as it will be signed; only for who may decide it. */
  'signing.file': command<{ fileName: string; mediaType: string; base64: string }>()(
    Type.Object({ staffId: Uuid, stepId: Uuid }),
  ),
  /**
   * Approves or refuses steps, each by itself. A PIN is tried once for all steps of one key, not once a step. Answers
   * when the decisions are durable; the signing itself goes on without the person.
   */
  'signing.decide': command<DecisionOutcome[]>()(
    Type.Object({
      staffId: Uuid,
      stepIds: Type.Array(Uuid, { minItems: 1, maxItems: 300 }),
      decision: Type.Unsafe<'approve' | 'refuse'>({ type: 'string', enum: ['approve', 'refuse'] }),
      reason: Type.Optional(Type.String({ maxLength: 1000 })),
      pin: Type.Optional(Type.String({ maxLength: 64 })),
      otp: Type.Optional(Type.String({ maxLength: 64 })),
      /** When the person proved a second factor to the sign-on in this browser session, ISO 8601. */
      factorAt: Type.Optional(Type.String({ format: 'date-time' })),
      /** By step: what the clerk gives (số và ký hiệu, ngày ban hành). */
      numbers: Type.Optional(
        Type.Record(Uuid, Type.Object({ number: Type.String({ minLength: 1, maxLength: 60 }), date: Day })),
      ),
    }),
  ),
  /**
   * Makes a step's file ready for the person's USB token, for some minutes. The step waits until the agent has brought the signed file back;
   * calling again makes new addresses.
   */
  'signing.call-agent': command<AgentCall>()(
    Type.Object({
      staffId: Uuid,
      stepId: Uuid,
      /** What the clerk gives (số và ký hiệu, ngày ban hành). */
      numbers: Type.Optional(
        Type.Object({ number: Type.String({ minLength: 1, maxLength: 60 }), date: Day }),
      ),
    }),
  ),
  /** What came of it. */
  'signing.agent-outcome': command<AgentOutcome>()(Type.Object({ staffId: Uuid, stepId: Uuid })),
  /** What holds for all signatures: where time-stamps come from, and which roots are trusted (DER in base64). What is absent stays. */
  'signing.set-settings': command<void>()(
    Type.Object({
      timeStampUrl: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2000 })),
      roots: Type.Optional(Type.Array(Type.String(), { maxItems: 50 })),
      /** Issuers below the roots that files and time-stamps may lack. */
      intermediates: Type.Optional(Type.Array(Type.String(), { maxItems: 200 })),
      actor: Type.String(),
    }),
  ),
  /** The picture of a signer, PNG in base64: a person's handwriting (blue), an organisation's seal (red). */
  'signing.set-image': command<void>()(
    Type.Object({
      staffId: Type.Optional(Uuid),
      unitId: Type.Optional(Uuid),
      png: Type.String({ maxLength: 2_000_000 }),
      actor: Type.String(),
    }),
  ),
  /** Lets somebody else decide for a period, both days included. */
  'signing.delegate': command<{ id: string }>()(
    Type.Object({ staffId: Uuid, toStaffId: Uuid, from: Day, until: Day, actor: Type.String() }),
  ),
  'signing.delegations': command<
    { id: string; staffId: string; toStaffId: string; from: string; until: string; ended: boolean }[]
  >()(Type.Object({ staffId: Uuid })),
  'signing.end-delegation': command<void>()(Type.Object({ staffId: Uuid, id: Uuid, actor: Type.String() })),
};
