import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { SignerPort } from '#schemas/signer.ts';
import type { Notice } from '#schemas/work/notice.ts';
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
} from './work-ports.ts';

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

/** Every port that a connector may offer. Ports of later parts are added here, never to the connectors. */
export interface Ports {
  accounts: AccountsPort;
  attendance: AttendancePort;
  calendar: CalendarPort;
  cases: CasesPort;
  directives: DirectivesPort;
  dossiers: DossiersPort;
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
