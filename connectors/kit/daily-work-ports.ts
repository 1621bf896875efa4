import type { Attendance } from '#schemas/daily-work/attendance.ts';
import type { AppCalendarEntry, CalendarEntry, CalendarWeek } from '#schemas/daily-work/calendar-entry.ts';
import type { ChangesRequest } from '#schemas/daily-work/changes-request.ts';
import type { AppCase, CaseAnswering, CitizenCase } from '#schemas/daily-work/citizen-case.ts';
import type { AppDirective, Directive, DirectiveProgress } from '#schemas/daily-work/directive.ts';
import type { Dossier, DossierQuery, ExtensionProposal } from '#schemas/daily-work/dossier.ts';
import type { FigurePeriod, Figures } from '#schemas/daily-work/figures.ts';
import type { PersonnelFact } from '#schemas/daily-work/personnel-fact.ts';
import type { AppProgrammeItem, ProgrammeItem } from '#schemas/daily-work/programme-item.ts';
import type { AppTask, Task, TaskClosing, TaskQuery } from '#schemas/daily-work/task.ts';

/** As in `ports.ts`. */
interface CallContext {
  signal: AbortSignal;
}

/**
 * Ports of daily work. What they have in common:
 * - `upsert` may be repeated and then changes nothing. It finds the thing by the hub's id (or number), else by
 *   `externalId` where that may be given, and makes a new one only when neither is there. It answers what the app holds.
 * - Of an optional field that is absent the app keeps what it has.
 * - The argument is checked against its schema before the app is called: what does not fit is `refused`.
 * - `list` since a cursor tells what was made or changed, oldest change first: a thing stands once, where it was last
 *   changed. What changed nothing is not told, so two apps that are kept in step come to rest.
 * - What is not there is `not-found`.
 */

export interface Change<T> {
  item: T;
  /** To go on after this one. */
  cursor: string;
  /** When it was changed, ISO 8601. */
  at: string;
}
export interface Changes<T> {
  items: Change<T>[];
  /** Whether there is more at once. */
  more: boolean;
}

/**
 * Tasks of people and units (nhiệm vụ). `list` can be narrowed to somebody's open ones: what a leaver hands over. `close` is
 * final; closing what is closed so already is a success.
 */
export interface TasksPort {
  upsert(task: Task, context: CallContext): Promise<AppTask>;
  list(query: TaskQuery, context: CallContext): Promise<Changes<AppTask>>;
  close(closing: TaskClosing, context: CallContext): Promise<AppTask>;
}

/** Entries of the directive software (ý kiến chỉ đạo) and how far they are. */
export interface DirectivesPort {
  upsert(directive: Directive, context: CallContext): Promise<AppDirective>;
  list(request: ChangesRequest, context: CallContext): Promise<Changes<AppDirective>>;
  setProgress(wanted: DirectiveProgress, context: CallContext): Promise<AppDirective>;
}

/**
 * Citizens' matters (báo nêu, ý kiến cử tri, dân hỏi). `answer` answers once: the same again is a success, another
 * answer to what is answered is a `conflict`.
 */
export interface CasesPort {
  upsert(mirrored: CitizenCase, context: CallContext): Promise<AppCase>;
  list(request: ChangesRequest, context: CallContext): Promise<Changes<AppCase>>;
  answer(answering: CaseAnswering, context: CallContext): Promise<AppCase>;
}

/**
 * Dossiers whose deadline is near, soonest first; settled ones are not told. `proposeExtension` may be repeated; a
 * second proposal while one waits is a `conflict`. The letter is signed by way of port `signingSource`; once it is put
 * back, the portal takes the new day.
 */
export interface DossiersPort {
  list(query: DossierQuery, context: CallContext): Promise<{ items: Dossier[]; next?: string }>;
  proposeExtension(proposal: ExtensionProposal, context: CallContext): Promise<Dossier>;
}

/** A unit's weekly calendar (lịch công tác tuần). `list` tells the whole week by day and time, what is called off too. */
export interface CalendarPort {
  list(week: CalendarWeek, context: CallContext): Promise<{ items: AppCalendarEntry[] }>;
  upsert(entry: CalendarEntry, context: CallContext): Promise<AppCalendarEntry>;
}

/** Counts of one and the same period, and since the beginning. */
export interface StatisticsPort {
  figures(period: FigurePeriod, context: CallContext): Promise<Figures>;
}

/** Who was at work. The first record of a person's half-day stands; answers when that was. */
export interface AttendancePort {
  record(attendance: Attendance, context: CallContext): Promise<{ at: string }>;
}

/** Facts of the HR software that people see (nâng bậc lương, khen thưởng). The same `id` twice is one. */
export interface PersonnelPort {
  record(fact: PersonnelFact, context: CallContext): Promise<{ externalId: string }>;
}

/** Work programmes and periodic reports, of a unit or sent up to the one above. */
export interface ProgrammePort {
  upsert(item: ProgrammeItem, context: CallContext): Promise<AppProgrammeItem>;
  list(request: ChangesRequest, context: CallContext): Promise<Changes<AppProgrammeItem>>;
}
