import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { Notice } from '#schemas/daily-work/notice.ts';
import type { DocumentStatus, SentDocument } from '#schemas/document.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { SignerPort } from '#schemas/signer.ts';
import type {
  AttendancePort,
  CalendarPort,
  CasesPort,
  DirectivesPort,
  DossiersPort,
  PersonnelPort,
  ProgrammePort,
  StatisticsPort,
  TasksPort,
} from './daily-work-ports.ts';

/** Handed to every port call: the settings in force and a signal that fires when the call's time is up. */
export interface CallContext {
  signal: AbortSignal;
}

/** One page of a listing; `next` is opaque and absent on the last page. */
export interface Page<T> {
  items: T[];
  next?: string;
}

/**
 * Accounts of people in an app. All four methods are required.
 * `upsert` is idempotent: repeated with the same account it changes nothing and answers the same.
 * It finds the account by `externalId`, else by staff code; it creates one only when neither is there. An
 * attribute that is absent stays as it is, one that is empty (see `emptyValue`) is emptied.
 * `disable` closes an account and never deletes it; closing a closed account is a success.
 */
export interface AccountsPort {
  list(page: { cursor?: string; limit: number }, context: CallContext): Promise<Page<AppAccount>>;
  get(externalId: string, context: CallContext): Promise<AppAccount | undefined>;
  upsert(account: DesiredAccount, context: CallContext): Promise<AppAccount>;
  disable(account: { externalId: string; code?: string }, context: CallContext): Promise<AppAccount>;
}

/** A change that the HR software reports, with the cursor to go on from. */
export interface HrChange {
  record: HrRecord;
  cursor: string;
  /** When the source says that the change was made, ISO 8601. */
  at: string;
}

/** Changes of staff since a cursor (absent: from the beginning), oldest first. */
export interface HrSourcePort {
  pull(
    request: { after?: string; limit: number },
    context: CallContext,
  ): Promise<{ changes: HrChange[]; cursor?: string; more: boolean }>;
}

/**
 * Notices to people (mail: activation codes, reports, alarms) or to units (notice boards). Sent at least once; the same
 * `id` twice is one notice. `accepted` are the people and units that get it. Units where an app knows none: `refused`.
 */
export interface NoticesPort {
  send(notice: Notice, context: CallContext): Promise<{ accepted: string[] }>;
}

/**
 * Files of an app that are to be signed. `fetch` gives the file by the document's id there; `putBack` replaces it by the
 * signed one and is idempotent: the same bytes again change nothing.
 */
export interface SigningSourcePort {
  fetch(
    document: { documentId: string },
    context: CallContext,
  ): Promise<{ fileName: string; mediaType: string; base64: string }>;
  putBack(
    document: {
      documentId: string;
      fileName: string;
      base64: string;
      /** Number and date that the clerk gave (số và ký hiệu, ngày ban hành). */
      number?: string;
      date?: string;
    },
    context: CallContext,
  ): Promise<void>;
}

/**
 * Documents between organisations, in and out of a document system. `issued` and `statuses` are lists of what happened
 * there, oldest first, after a cursor: an entry may come twice and is never passed over. `deliver` and `tell` may be
 * repeated and then change nothing.
 */
export interface DocumentsPort {
  /** Documents that were issued to others, changed, taken back or put in the place of others. */
  issued(
    request: { after?: string; limit: number },
    context: CallContext,
  ): Promise<{ items: { id: string; cursor: string }[]; more: boolean }>;
  /** One of them whole, with its files. */
  fetch(document: { id: string }, context: CallContext): Promise<SentDocument>;
  /** A document arrives: the receivers of `organIds` are to have it. */
  deliver(arriving: { document: SentDocument; organIds: string[] }, context: CallContext): Promise<void>;
  /** What another organisation says of a document that was sent or received there. */
  tell(status: DocumentStatus, context: CallContext): Promise<void>;
  /** What people there say of documents. */
  statuses(
    request: { after?: string; limit: number },
    context: CallContext,
  ): Promise<{ items: { status: DocumentStatus; cursor: string }[]; more: boolean }>;
}

/** A package that waits on the axis for us. */
export interface AxisEntry {
  docId: string;
  from?: string;
}

/**
 * The national document axis (Trục liên thông văn bản quốc gia), or what stands for it in the province. It carries
 * packages and looks into none. What is not acknowledged is listed again.
 */
export interface DocumentAxisPort {
  send(
    parcel: { kind: 'document' | 'status'; from: string; to: string[]; package: string },
    context: CallContext,
  ): Promise<{ docId: string }>;
  list(request: { kind: 'document' | 'status' }, context: CallContext): Promise<{ items: AxisEntry[] }>;
  /** The package as it came, in base64: it may be anything. */
  fetch(entry: { docId: string }, context: CallContext): Promise<{ base64: string }>;
  acknowledge(entry: { docId: string; outcome: 'done' | 'fail' }, context: CallContext): Promise<void>;
}

/** Every port that a connector may offer. Ports of later parts are added here, never to the connectors. */
export interface Ports {
  accounts: AccountsPort;
  attendance: AttendancePort;
  calendar: CalendarPort;
  cases: CasesPort;
  directives: DirectivesPort;
  dossiers: DossiersPort;
  documents: DocumentsPort;
  documentAxis: DocumentAxisPort;
  hrSource: HrSourcePort;
  notices: NoticesPort;
  personnel: PersonnelPort;
  programme: ProgrammePort;
  signer: SignerPort;
  signingSource: SigningSourcePort;
  statistics: StatisticsPort;
  tasks: TasksPort;
}
export type PortName = keyof Ports;
