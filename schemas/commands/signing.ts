import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { Day } from '#schemas/hr-record.ts';
import type { DecisionOutcome, SigningService, WaitingStep } from '#schemas/signing.ts';

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
      /** Services that may sign instead of others, by the person's word: ids of routes. */
      agreements: Type.Optional(
        Type.Array(Type.Object({ instead: Type.String(), to: Type.String() }), { maxItems: 50 }),
      ),
      /** By step: what the clerk gives (số và ký hiệu, ngày ban hành). */
      numbers: Type.Optional(
        Type.Record(Uuid, Type.Object({ number: Type.String({ minLength: 1, maxLength: 60 }), date: Day })),
      ),
    }),
  ),
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
  /** Where a person has keys, and of a clerk where their organisation has; with what is wrong there. */
  'signing.services': command<SigningService[]>()(Type.Object({ staffId: Uuid })),
  /** Their device at a service is broken or lost (with `unitId`: their organisation's): it is not asked until another certificate is there. */
  'signing.report-broken': command<{ ticketId: string }>()(
    Type.Object({
      staffId: Uuid,
      unitId: Type.Optional(Uuid),
      service: Type.String({ maxLength: 60 }),
      note: Type.Optional(Type.String({ maxLength: 500 })),
    }),
  ),
  /** They agree that another service signs until then. `pin` when a key has to be made there first. */
  'signing.agree': command<void>()(
    Type.Object({
      staffId: Uuid,
      ticketId: Uuid,
      to: Type.String({ maxLength: 60 }),
      pin: Type.Optional(Type.String({ maxLength: 64 })),
      factorAt: Type.Optional(Type.String({ format: 'date-time' })),
    }),
  ),
  /** Looks at once whether the service is well again. */
  'signing.look-again': command<{ closed: boolean }>()(Type.Object({ staffId: Uuid, ticketId: Uuid })),
  /** Adds or changes a signing service; a name that is absent stays. */
  'signing.put-route': command<void>()(
    Type.Object({
      id: Type.String(),
      name: Type.Optional(Type.String()),
      kind: Type.Unsafe<'embedded' | 'connector'>({ type: 'string', enum: ['embedded', 'connector'] }),
      connector: Type.Optional(Type.String()),
      priority: Type.Integer(),
      enabled: Type.Boolean(),
      rules: Type.Optional(Type.Object({ temporaryDays: Type.Optional(Type.Integer()) })),
      actor: Type.String(),
    }),
  ),
  /** A person's account at an outside service. */
  'signing.put-account': command<void>()(
    Type.Object({ routeId: Type.String(), staffId: Uuid, userId: Type.String(), actor: Type.String() }),
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
