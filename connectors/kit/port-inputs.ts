import type { TSchema } from 'typebox';
import { Attendance } from '#schemas/daily-work/attendance.ts';
import { CalendarEntry, CalendarWeek } from '#schemas/daily-work/calendar-entry.ts';
import { ChangesRequest } from '#schemas/daily-work/changes-request.ts';
import { CaseAnswering, CitizenCase } from '#schemas/daily-work/citizen-case.ts';
import { Directive, DirectiveProgress } from '#schemas/daily-work/directive.ts';
import { DossierQuery, ExtensionProposal } from '#schemas/daily-work/dossier.ts';
import { FigurePeriod } from '#schemas/daily-work/figures.ts';
import { Notice } from '#schemas/daily-work/notice.ts';
import { PersonnelFact } from '#schemas/daily-work/personnel-fact.ts';
import { ProgrammeItem } from '#schemas/daily-work/programme-item.ts';
import { Task, TaskClosing, TaskQuery } from '#schemas/daily-work/task.ts';
import type { PortName, Ports } from './ports.ts';

/** What the one argument of a port's method must be. Flows are drawn by people: what they send is checked. */
export const portInputs: { [P in PortName]?: Partial<Record<keyof Ports[P], TSchema>> } = {
  attendance: { record: Attendance },
  calendar: { list: CalendarWeek, upsert: CalendarEntry },
  cases: { upsert: CitizenCase, list: ChangesRequest, answer: CaseAnswering },
  directives: { upsert: Directive, list: ChangesRequest, setProgress: DirectiveProgress },
  dossiers: { list: DossierQuery, proposeExtension: ExtensionProposal },
  notices: { send: Notice },
  personnel: { record: PersonnelFact },
  programme: { upsert: ProgrammeItem, list: ChangesRequest },
  statistics: { figures: FigurePeriod },
  tasks: { upsert: Task, list: TaskQuery, close: TaskClosing },
};
