import { type Static, Type } from 'typebox';
import type { Detour } from '#schemas/signing-trouble.ts';

const Uuid = Type.String({ format: 'uuid' });
const oneOf = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description ? { description } : {}) });

/** Levels of ETSI EN 319 142-1: with a time-stamp from B-T, with all proofs from B-LT, kept alive from B-LTA. */
export const signingLevels = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
export type SigningLevel = (typeof signingLevels)[number];

/** Of a request, and of each of its steps while it is their turn. */
export const signingStates = [
  'received',
  'waiting',
  'authorised',
  'signed',
  'time-stamped',
  'embedded',
  'verified',
  'returned',
  'refused',
  'cancelled',
  'expired',
  'failed',
] as const;
export type SigningState = (typeof signingStates)[number];

/** How a signature looks: NĐ 30/2020/NĐ-CP, Phụ lục I. Points (1/72 inch) from the lower left corner of the page as it is seen. */
export const Appearance = Type.Object(
  {
    kind: oneOf(
      ['none', 'handwriting', 'seal', 'text'],
      "handwriting: the leader's, blue; seal: the organisation's, red; text: appendix and copies, top right of page one",
    ),
    /** A signature field that the file has already; with it page and rectangle are not read. */
    field: Type.Optional(Type.String({ maxLength: 200 })),
    /** 1 is the first page, -1 the last. */
    page: Type.Optional(Type.Integer()),
    rectangle: Type.Optional(
      Type.Object({
        x: Type.Number(),
        y: Type.Number(),
        width: Type.Number({ exclusiveMinimum: 0 }),
        height: Type.Number({ exclusiveMinimum: 0 }),
      }),
    ),
    /** PNG in base64; absent: the signer's own, kept by the hub. */
    image: Type.Optional(Type.String({ maxLength: 2_000_000 })),
    text: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type Appearance = Static<typeof Appearance>;

/** Who signs: a person, or an organisation by the hand of its clerk. */
export const SigningStepInput = Type.Object(
  {
    signer: Type.Union([
      Type.Object({ staffId: Uuid }, { additionalProperties: false }),
      Type.Object({ username: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
      Type.Object({ unitId: Uuid }, { additionalProperties: false }),
    ]),
    level: Type.Optional(oneOf(signingLevels)),
    appearance: Type.Optional(Appearance),
    /** The clerk gives number and date before this signature (văn thư cấp số). */
    numbers: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type SigningStepInput = Static<typeof SigningStepInput>;

/** What kind of document it is (loại văn bản): the names of NĐ 30/2020/NĐ-CP, Điều 7, as "Quyết định", or any other word. */
export const DocumentType = Type.String({ minLength: 1, maxLength: 100 });

/** What a delegate may decide; what is absent is not limited. A limited kind of document never covers one whose kind nobody named. */
export const DelegationLimits = Type.Object(
  {
    appIds: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 100 })),
    documentTypes: Type.Optional(Type.Array(DocumentType, { minItems: 1, maxItems: 100 })),
    levels: Type.Optional(Type.Array(oneOf(signingLevels), { minItems: 1, maxItems: 4 })),
    /** The most documents that are decided on one day (Vietnam). */
    perDay: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  },
  { additionalProperties: false },
);
export type DelegationLimits = Static<typeof DelegationLimits>;

/** A period in which somebody else decides. */
export interface Delegation {
  id: string;
  staffId: string;
  toStaffId: string;
  from: string;
  until: string;
  limits: DelegationLimits;
  ended: boolean;
  /** Documents that were decided by it today. */
  usedToday: number;
}

export const SigningRequestInput = Type.Object(
  {
    /** The app whose document it is, when a flow or the IT centre asks for it; absent: the app that asks. */
    appId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    /** The document's id in the app that asks. */
    documentId: Type.String({ minLength: 1, maxLength: 200 }),
    title: Type.String({ minLength: 1, maxLength: 500, description: 'Trích yếu: what signers read' }),
    documentType: Type.Optional(DocumentType),
    /** The file in base64; absent: the hub fetches it from the app's connector (`signingSource`). */
    file: Type.Optional(Type.String()),
    fileName: Type.String({ minLength: 1, maxLength: 255 }),
    steps: Type.Array(SigningStepInput, { minItems: 1, maxItems: 20 }),
    dueAt: Type.Optional(Type.String({ format: 'date-time' })),
    /** Put the signed file back into the app through its connector. */
    putBack: Type.Optional(Type.Boolean()),
    /**
     * Reserve fields for number and date where the document has "Số:" and "ngày … tháng …", before the first signature: the
     * clerk fills them later and breaks nothing.
     */
    reserve: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type SigningRequestInput = Static<typeof SigningRequestInput>;

/** A step as the asking app sees it. */
export interface SigningStep {
  id: string;
  position: number;
  signer: { staffId: string } | { unitId: string };
  level: SigningLevel;
  state: SigningState;
  reason?: string;
  decidedBy?: string;
  signedAt?: string;
}

/** A request as the asking app sees it. */
export interface SigningRequest {
  id: string;
  batchId?: string;
  appId: string;
  documentId: string;
  title: string;
  documentType?: string;
  fileName: string;
  state: SigningState;
  reason?: string;
  dueAt?: string;
  createdAt: string;
  steps: SigningStep[];
  /** Số và ký hiệu, ngày ban hành: as the clerk gave them. */
  number?: string;
  issuedOn?: string;
  /** SHA-256 of the file as it came and as it is now, in hex. */
  original: string;
  current: string;
}

/** What waits for somebody's decision, as the desk shows it. */
export interface WaitingStep {
  stepId: string;
  requestId: string;
  title: string;
  documentType?: string;
  fileName: string;
  documentId: string;
  app: string;
  position: number;
  of: number;
  dueAt?: string;
  createdAt: string;
  signer: { staffId: string; name: string } | { unitId: string; name: string };
  /** The person for whom one decides as a delegate; absent: for oneself. */
  onBehalfOf?: string;
  /** The clerk gives number and date with the decision. */
  numbers: boolean;
  /** The level that is asked for. */
  level: SigningLevel;
  /** What must be given with an approval. */
  asks: ('pin' | 'factor' | 'otp' | 'app' | 'token')[];
  /** The usual service cannot serve, and another can. */
  detour?: Detour;
  /** Why an earlier approval came to nothing: an error code. */
  reason?: string;
}

/** One decision's outcome; a step that could not be decided stays as it was. */
export interface DecisionOutcome {
  stepId: string;
  ok: boolean;
  code?: string;
  /** They fill the words of the code. */
  params?: Record<string, string | number>;
  message?: string;
}

/** What the page of a signer sends to the signing agent on their own computer, and where to. */
export interface AgentCall {
  /** The agent listens here. */
  socket: string;
  /** The one message, as JSON, that begins the signing; the addresses in it work once, for this person and this step. */
  request: Record<string, string>;
  expiresAt: string;
}

/** How far a signature with a token is. `problem`: a code of `signing-agent`, why the last file that came back was not taken. */
export interface AgentOutcome {
  state: 'waiting' | 'signed' | 'gone';
  problem?: string;
}
