import { Type } from 'typebox';
import type { PersonnelPort } from '#connectors/kit/daily-work-ports.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { Ask } from './resource-client.ts';

const DienBien = Type.Object({ id: Type.String({ minLength: 1 }) });

/** What people see of their salary and awards (diễn biến lương, khen thưởng). */
export const createPersonnel = (ask: Ask, root: string): PersonnelPort => {
  const askRecorded = ask(DienBien);
  return {
    async record({ id, staffCode, kind, date, text }, { signal }) {
      const body = {
        maLienThong: id,
        maCbccvc: staffCode,
        loai: kind === 'award' ? 'KHEN_THUONG' : 'NANG_BAC_LUONG',
        tuNgay: toVietnameseDay(date),
        noiDung: text,
      };
      return { externalId: (await askRecorded('PUT', `${root}/dien-bien`, signal, body)).id };
    },
  };
};
