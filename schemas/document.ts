import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';

const Text = Type.String({ minLength: 1, maxLength: 10_000 });
const Short = Type.String({ minLength: 1, maxLength: 500 });
const Time = Type.String({ format: 'date-time' });
/** An organisation's code in either form (QCVN 102:2016/BTTTT; Decision 20/2020/QĐ-TTg). */
export const OrganId = Type.String({ pattern: '^[0-9A-Za-z.]{1,35}$' });

/** An organisation that sends or receives documents. */
export const Organ = Type.Object(
  {
    organId: OrganId,
    name: Type.Optional(Short),
    /** Cơ quan chủ quản. */
    inCharge: Type.Optional(Short),
    address: Type.Optional(Short),
    email: Type.Optional(Short),
    phone: Type.Optional(Short),
    fax: Type.Optional(Short),
    website: Type.Optional(Short),
  },
  { additionalProperties: false },
);
export type Organ = Static<typeof Organ>;

/** The person who acted, as the sender names them. */
export const DocumentStaff = Type.Object(
  {
    department: Type.Optional(Short),
    departmentId: Type.Optional(Short),
    name: Type.Optional(Short),
    staffId: Type.Optional(Short),
    email: Type.Optional(Short),
    mobile: Type.Optional(Short),
  },
  { additionalProperties: false },
);

/** Another document that this one answers, or that a status is about. */
export const DocumentReference = Type.Object(
  {
    organId: OrganId,
    /** Số và ký hiệu: `101/STTTT-CNTT`. */
    code: Type.Optional(Short),
    documentId: Type.Optional(Short),
    issuedOn: Type.Optional(Day),
  },
  { additionalProperties: false },
);

export const documentActions = ['new', 'revoke', 'update', 'replace'] as const;

/** What is done with the document: sent, taken back, changed, put in the place of others. */
export const DocumentAction = Type.Object(
  {
    kind: Type.String({ enum: [...documentActions] }),
    /** The document that is changed. */
    documentId: Type.Optional(Short),
    reason: Type.Optional(Text),
    /** A paper copy follows. */
    paper: Type.Optional(Type.Boolean()),
    documentChanged: Type.Optional(Type.Boolean()),
    receiversChanged: Type.Optional(Type.Boolean()),
    receivers: Type.Optional(
      Type.Array(Type.Object({ organId: OrganId, change: Type.String({ enum: ['added', 'removed'] }) })),
    ),
    replaces: Type.Optional(
      Type.Array(Type.Object({ documentId: Short, organIds: Type.Optional(Type.Array(OrganId)) })),
    ),
    staff: Type.Optional(DocumentStaff),
  },
  { additionalProperties: false },
);
export type DocumentAction = Static<typeof DocumentAction>;

/** A file of a document. Its kind is told by its name. */
export const DocumentFile = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Short),
    /** Its id within the package, without `cid:`. */
    contentId: Type.Optional(Short),
    base64: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$' }),
  },
  { additionalProperties: false },
);
export type DocumentFile = Static<typeof DocumentFile>;

const headerFields = {
  /** Opaque and unique at its sender; mostly `<organId>,<yyyy/MM/dd>,<số/ký hiệu>`. */
  documentId: Short,
  from: Organ,
  to: Type.Array(Organ, { minItems: 1, maxItems: 2000 }),
  /** Số và ký hiệu: `188` and `BC-VP`. */
  number: Type.Optional(Short),
  notation: Type.Optional(Short),
  place: Type.Optional(Short),
  issuedOn: Day,
  /** Loại văn bản: number of the group and within it (QCVN 102 as amended in 2022); the name is what counts. */
  typeGroup: Type.Optional(Type.Integer()),
  typeDetail: Type.Optional(Type.Integer()),
  typeName: Type.Optional(Short),
  /** Trích yếu. */
  subject: Text,
  content: Type.Optional(Text),
  signer: Type.Optional(
    Type.Object({
      competence: Type.Optional(Short),
      position: Type.Optional(Short),
      name: Type.Optional(Short),
    }),
  ),
  dueOn: Type.Optional(Day),
  /** 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ. */
  priority: Type.Optional(Type.Integer()),
  sphere: Type.Optional(Short),
  typist: Type.Optional(Short),
  copies: Type.Optional(Type.Integer()),
  pages: Type.Optional(Type.Integer()),
  direction: Type.Optional(Type.Boolean()),
  appendixes: Type.Optional(Type.Array(Short)),
  answers: Type.Optional(Type.Array(DocumentReference)),
  /** 1 no steering, 2 steering, 3 report on steering; other numbers are met too. */
  steering: Type.Optional(Type.Integer()),
  /** Codes of tracked tasks that it reports on. */
  taskCodes: Type.Optional(Type.Array(Short)),
  application: Type.Optional(Short),
  toPlaces: Type.Optional(Type.Array(Short)),
  action: Type.Optional(DocumentAction),
  /** Where it came through. */
  trace: Type.Optional(Type.Array(Type.Object({ organId: OrganId, at: Type.Optional(Time) }))),
};

/** What is known of a document beside its files. */
export const DocumentHeader = Type.Object(headerFields, { additionalProperties: false });
export type DocumentHeader = Static<typeof DocumentHeader>;

/** A document that one organisation sends to others, with its files. */
export const SentDocument = Type.Object(
  { ...headerFields, files: Type.Array(DocumentFile, { maxItems: 200 }) },
  { additionalProperties: false },
);
export type SentDocument = Static<typeof SentDocument>;

/** What a receiver tells of a document, or a sender asks of one. */
export const DocumentStatus = Type.Object(
  {
    from: Organ,
    about: DocumentReference,
    /** Two digits: 01 arrived, 02 refused, 03 received, 04 assigned, 05 in progress, 06 done, 13 asked back, 15 agreed, 16 declined. */
    code: Type.String({ pattern: '^\\d{2}$' }),
    description: Type.Optional(Text),
    staff: Type.Optional(DocumentStaff),
    at: Time,
  },
  { additionalProperties: false },
);
export type DocumentStatus = Static<typeof DocumentStatus>;

/** A document with what became of it, as the API and other parts see it. */
export const ShownDocument = Type.Object({
  id: Type.String({ format: 'uuid' }),
  header: DocumentHeader,
  origin: Type.String({ enum: ['app', 'axis', 'hub'] }),
  app: Type.Optional(Type.String()),
  createdAt: Time,
  receivers: Type.Array(
    Type.Object({
      organId: Type.String(),
      name: Type.Optional(Type.String()),
      unitId: Type.Optional(Type.String({ format: 'uuid' })),
      /** `waiting`, `sent`, `arrived`, `received`, `assigned`, `in-progress`, `done`, `refused`, `recall-asked`, `recalled`, `replaced`, `failed`. */
      state: Type.String(),
      changedAt: Time,
      /** Why it is not handed over yet. */
      trouble: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
    }),
  ),
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      description: Type.Optional(Type.String()),
      bytes: Type.Integer(),
      sha256: Type.String(),
    }),
  ),
  /** Everything that was heard, in its order; `known`: the code has a meaning, `moved`: the state changed by it. */
  statuses: Type.Array(
    Type.Object({ status: DocumentStatus, known: Type.Boolean(), moved: Type.Boolean(), heardAt: Time }),
  ),
  forms: Type.Array(Type.Object({ kind: Type.String(), at: Time, reason: Type.Optional(Type.String()) })),
});
export type ShownDocument = Static<typeof ShownDocument>;
