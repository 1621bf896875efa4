import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { PreparedDocument, Signatory, SignatureProofs } from '#schemas/document-signing.ts';
import { Day } from '#schemas/hr-record.ts';
import {
  type AgentCall,
  type AgentOutcome,
  type DecisionOutcome,
  type Delegation,
  DelegationLimits,
  type WaitingStep,
} from '#schemas/signing.ts';
import type { SigningService } from '#schemas/signing-trouble.ts';

const Uuid = Type.String({ format: 'uuid' });

/** A file and the certificate of who signs it, base64. */
const document = {
  format: Type.Enum(['pdf', 'xml']),
  base64: Type.String(),
  certificate: Type.String(),
  chain: Type.Array(Type.String()),
};

/** Services that may sign instead of others, by the person's word: ids of routes. */
const Agreements = Type.Array(Type.Object({ instead: Type.String(), to: Type.String() }), { maxItems: 50 });

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
      agreements: Type.Optional(Agreements),
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
      agreements: Type.Optional(Agreements),
    }),
  ),
  /** What came of it. */
  'signing.agent-outcome': command<AgentOutcome>()(Type.Object({ staffId: Uuid, stepId: Uuid })),
  /** What can be made with the settings as they are: time-stamps need an authority. */
  'signing.offers': command<{ timeStamps: boolean }>()(Type.Object({})),
  /**
   * A token of the time-stamp authority (RFC 3161) over a hash, judged before it is given on. Hash and token are base64, the nonce
   * hex. @throws AppError `time-stamp-unavailable`, `time-stamp-refused`
   */
  'signing.time-stamp': command<{ token: string }>()(
    Type.Object({
      hash: Type.String({ maxLength: 100 }),
      algorithm: Type.Optional(Type.Enum(['sha256', 'sha384', 'sha512'])),
      nonce: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{1,64}$' })),
    }),
  ),
  /** What shows that these certificates are good now, from their authorities. @throws AppError `revocation-unavailable` */
  'signing.proofs': command<SignatureProofs>()(Signatory),
  /**
   * Makes a PDF (invisible signature) or XML ready to be signed with the key of this certificate. @throws AppError with the fault
   * of the file
   */
  'signing.prepare-document': command<PreparedDocument>()(
    Type.Object({
      ...document,
      at: Type.String({ format: 'date-time' }),
      certify: Type.Optional(
        Type.Boolean({ description: 'a PDF: its first signature certifies it (DocMDP)' }),
      ),
    }),
  ),
  /**
   * The same file with its signature, base64. A PDF takes proofs (B-LT) and over them a time-stamp of the whole file (B-LTA).
   *
   * @throws AppError `signature-not-of-hash`, `time-stamp-unavailable`
   */
  'signing.complete-document': command<{ base64: string }>()(
    Type.Object({
      ...document,
      prepared: PreparedDocument,
      signature: Type.String(),
      timeStamp: Type.Optional(Type.String()),
      proofs: Type.Optional(SignatureProofs),
      stampFile: Type.Optional(Type.Boolean()),
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
  /** Lets somebody else decide for a period, both days included, and within limits. */
  'signing.delegate': command<{ id: string }>()(
    Type.Object({
      ...{ staffId: Uuid, toStaffId: Uuid, from: Day, until: Day, actor: Type.String() },
      limits: Type.Optional(DelegationLimits),
    }),
  ),
  'signing.delegations': command<Delegation[]>()(Type.Object({ staffId: Uuid })),
  'signing.end-delegation': command<void>()(Type.Object({ staffId: Uuid, id: Uuid, actor: Type.String() })),
};
