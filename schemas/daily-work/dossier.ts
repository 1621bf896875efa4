import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';
import { ExternalId, StaffCode, Title, UnitCode, WorkId } from './fields.ts';

/** Mã số hồ sơ. */
const DossierCode = Type.String({ minLength: 1, maxLength: 60 });

/** A proposal to give a dossier more time. `refused` and `accepted` are decided at the portal. */
const Extension = Type.Object({
  /** The hub's id of the proposal. */
  id: WorkId,
  dueOn: Day,
  state: Type.String({ enum: ['proposed', 'accepted', 'refused'] }),
  /** The letter of apology and new date (thư xin lỗi, hẹn lại): fetched, signed and put back by port `signingSource`. */
  documentId: ExternalId,
});

/** A dossier of the public service portal (hồ sơ thủ tục hành chính) that is not settled yet. */
export const Dossier = Type.Object({
  code: DossierCode,
  /** Tên thủ tục. */
  title: Title,
  unitCode: UnitCode,
  /** The officer in charge; absent: nobody yet. */
  officerCode: Type.Optional(StaffCode),
  receivedOn: Day,
  dueOn: Day,
  extension: Type.Optional(Extension),
});
export type Dossier = Static<typeof Dossier>;

export const DossierQuery = Type.Object(
  {
    /** Only those whose day to answer is this one or before it. */
    dueUntil: Day,
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    limit: Type.Integer({ minimum: 1, maximum: 1000 }),
  },
  { additionalProperties: false },
);
export type DossierQuery = Static<typeof DossierQuery>;

export const ExtensionProposal = Type.Object(
  {
    id: WorkId,
    code: DossierCode,
    /** The new day. */
    dueOn: Day,
    reason: Type.String({ minLength: 1, maxLength: 2000 }),
  },
  { additionalProperties: false },
);
export type ExtensionProposal = Static<typeof ExtensionProposal>;
