import type { Ports } from '#connectors/kit/ports.ts';
import { createAttendance } from './attendance.ts';
import { createCalendar } from './calendar.ts';
import { createCases } from './cases.ts';
import { createNotices } from './notices.ts';
import { createPersonnel } from './personnel.ts';
import { createProgramme } from './programme.ts';
import type { Ask } from './resource-client.ts';
import { createStatistics } from './statistics.ts';
import { createTasks } from './tasks.ts';

/** The ports of daily work; `root` is the path before the kind of work (`/api`). */
export const createWorkPorts = (ask: Ask, root: string) =>
  ({
    attendance: createAttendance(ask, root),
    calendar: createCalendar(ask, root),
    cases: createCases(ask, root),
    notices: createNotices(ask, root),
    personnel: createPersonnel(ask, root),
    programme: createProgramme(ask, root),
    statistics: createStatistics(ask, root),
    tasks: createTasks(ask, root),
  }) satisfies Partial<Ports>;
