import { randomUUID } from 'node:crypto';
import type { CalendarEntry } from '#schemas/daily-work/calendar-entry.ts';
import type { CitizenCase } from '#schemas/daily-work/citizen-case.ts';
import type { Directive } from '#schemas/daily-work/directive.ts';
import type { ProgrammeItem } from '#schemas/daily-work/programme-item.ts';
import type { Task } from '#schemas/daily-work/task.ts';

/** Who the work of a contract run belongs to: units and a person that the app knows. */
export interface Whose {
  unitCode: string;
  otherUnitCode: string;
  staffCode: string;
}

export const makeTask = ({ unitCode, otherUnitCode, staffCode }: Whose): Task => ({
  id: randomUUID(),
  number: `${Math.floor(Math.random() * 9000)}/UBND-KT`,
  title: 'Rà soát thủ tục hành chính',
  unitCodes: [unitCode, otherUnitCode],
  assignees: [staffCode],
  dueOn: '2026-12-31',
  source: { kind: 'document', number: '188/BC-VP' },
  progress: { state: 'in-progress', percent: 30, note: 'Đang lấy ý kiến' },
});

export const makeDirective = ({ unitCode }: Whose): Directive => ({
  id: randomUUID(),
  number: `${Math.floor(Math.random() * 9000)}/UBND-KT`,
  title: 'Kiểm tra công tác phòng, chống lụt bão',
  unitCode,
  dueOn: '2026-12-31',
  source: { kind: 'case', number: 'VV-2026-000012' },
  progress: { state: 'in-progress', percent: 30, note: 'Đang kiểm tra' },
});

export const makeCase = ({ unitCode }: Whose): CitizenCase => ({
  number: `VV-${randomUUID()}`,
  kind: 'voter-opinion',
  title: 'Đường liên thôn xuống cấp',
  text: 'Cử tri đề nghị sửa đường.\nMùa mưa không đi được.',
  from: 'Cử tri xã Quảng Thọ',
  receivedOn: '2026-10-05',
  unitCode,
  dueOn: '2026-12-31',
});

export const makeProgrammeItem = ({ unitCode, otherUnitCode }: Whose): ProgrammeItem => ({
  id: randomUUID(),
  kind: 'report',
  period: '2026-Q4',
  unitCode,
  sentUpTo: otherUnitCode,
  title: 'Báo cáo cải cách hành chính quý IV',
  text: 'Nội dung báo cáo',
  dueOn: '2026-12-31',
  state: 'registered',
});

export const makeCalendarEntry = ({ unitCode }: Whose): CalendarEntry => ({
  id: randomUUID(),
  unitCode,
  day: '2026-11-25',
  from: '08:00',
  until: '09:30',
  title: 'Họp giao ban <tuần> & “tháng”',
  place: 'Phòng họp số 1',
  chair: 'Giám đốc',
  attendees: 'Trưởng các phòng',
});
