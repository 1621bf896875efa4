import { Type } from 'typebox';
import type { AttendancePort } from '#connectors/kit/daily-work-ports.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { Ask } from './resource-client.ts';

const DiemDanh = Type.Object({ luc: Type.String({ minLength: 1 }) });

/** Half-days of people (điểm danh). */
export const createAttendance = (ask: Ask, root: string): AttendancePort => {
  const askRecorded = ask(DiemDanh);
  return {
    async record({ staffCode, day, half, at }, { signal }) {
      const body = {
        maCbccvc: staffCode,
        ngay: toVietnameseDay(day),
        buoi: half === 'morning' ? 'SANG' : 'CHIEU',
        luc: at,
      };
      return { at: (await askRecorded('PUT', `${root}/diem-danh`, signal, body)).luc };
    },
  };
};
