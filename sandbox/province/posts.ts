import type { ProvinceUnit, UnitKind } from './units.ts';

/** Who works in a unit of a kind. */
export type Staffing = {
  /** Usual number of people, the head included; the generator varies it. */
  size: number;
  /** How many of them are deputies. */
  deputies: number;
  femaleShare: number;
  leaderRanks: readonly string[];
  /** Title and ranks of the others, in order of likelihood; repeated titles are more frequent. */
  members: readonly { title: string; ranks: readonly string[] }[];
};

const specialist = ['01.003', '01.003', '01.003', '01.002', '01.004'] as const;
const office = [
  ...Array.from({ length: 7 }, () => ({ title: 'Chuyên viên', ranks: specialist })),
  { title: 'Văn thư', ranks: ['02.007', '01.004', '01.005'] },
  { title: 'Kế toán', ranks: ['06.031'] },
];
const communeRanks = ['01.003', '01.004', '01.004'];
const commune = [
  ...['Công chức Văn phòng - Thống kê', 'Công chức Tư pháp - Hộ tịch', 'Công chức Địa chính - Xây dựng'],
  ...['Công chức Tài chính - Kế toán', 'Công chức Văn hóa - Xã hội'],
].map(title => ({ title, ranks: communeRanks }));
const health = [
  { title: 'Bác sĩ', ranks: ['V.08.01.03', 'V.08.01.02'] },
  { title: 'Y sĩ', ranks: ['V.08.03.07'] },
  { title: 'Y sĩ', ranks: ['V.08.03.07'] },
  { title: 'Điều dưỡng', ranks: ['V.08.05.13', 'V.08.05.12'] },
  { title: 'Hộ sinh', ranks: ['V.08.06.16'] },
  { title: 'Dược sĩ', ranks: ['V.08.08.23'] },
];

/** Usual staffing by kind of unit; about 30,000 people over all units of the province. */
export const staffing: Record<UnitKind, Staffing> = {
  province: { size: 5, deputies: 4, femaleShare: 0.2, leaderRanks: ['01.001', '01.002'], members: office },
  agency: { size: 4, deputies: 3, femaleShare: 0.2, leaderRanks: ['01.001', '01.002'], members: office },
  'agency-department': {
    size: 9,
    deputies: 2,
    femaleShare: 0.42,
    leaderRanks: ['01.002', '01.003'],
    members: office,
  },
  district: { size: 4, deputies: 3, femaleShare: 0.2, leaderRanks: ['01.002', '01.003'], members: office },
  'district-department': {
    size: 8,
    deputies: 2,
    femaleShare: 0.4,
    leaderRanks: ['01.003', '01.002'],
    members: office,
  },
  commune: { size: 21, deputies: 2, femaleShare: 0.35, leaderRanks: ['01.003', '01.004'], members: commune },
  'health-centre': {
    size: 115,
    deputies: 3,
    femaleShare: 0.62,
    leaderRanks: ['V.08.01.02', 'V.08.01.03'],
    members: health,
  },
  'health-station': {
    size: 7,
    deputies: 1,
    femaleShare: 0.68,
    leaderRanks: ['V.08.01.03', 'V.08.03.07'],
    members: health,
  },
  'nursery-school': school(31, 0.99, ['V.07.02.04', 'V.07.02.05', 'V.07.02.06']),
  'primary-school': school(41, 0.78, ['V.07.03.07', 'V.07.03.08', 'V.07.03.09']),
  'lower-school': school(47, 0.64, ['V.07.04.11', 'V.07.04.12', 'V.07.04.10']),
  'high-school': school(84, 0.6, ['V.07.05.15', 'V.07.05.15', 'V.07.05.14', 'V.07.05.13']),
};

function school(size: number, femaleShare: number, ranks: string[]): Staffing {
  const teachers = Array.from({ length: 9 }, () => ({ title: 'Giáo viên', ranks }));
  const clerks = { title: 'Nhân viên văn thư - kế toán', ranks: ['06.031', '01.004', '01.005'] };
  return { size, deputies: 2, femaleShare, leaderRanks: ranks.slice(0, 1), members: [...teachers, clerks] };
}

/** Titles of the head and of a deputy, from what the unit is called. */
export function leaderTitles({ kind, name }: ProvinceUnit): { head: string; deputy: string } {
  if (kind === 'province' || kind === 'district' || kind === 'commune') {
    const area = /^(?:Thành phố|Thị xã|Thị trấn|Tỉnh|Huyện|Phường|Xã)/.exec(name)![0].toLowerCase();
    return { head: `Chủ tịch UBND ${area}`, deputy: `Phó Chủ tịch UBND ${area}` };
  }
  const [, head] = titleByName.find(([start]) => name.startsWith(start))!;
  return { head, deputy: `Phó ${head}` };
}

const titleByName: readonly (readonly [string, string])[] = [
  ['Trường', 'Hiệu trưởng'],
  ['Trạm', 'Trưởng trạm'],
  ['Trung tâm', 'Giám đốc'],
  ['Chi cục', 'Chi cục trưởng'],
  ['Văn phòng', 'Chánh Văn phòng'],
  ['Thanh tra', 'Chánh Thanh tra'],
  ['Sở', 'Giám đốc'],
  ['Ban', 'Trưởng ban'],
  ['Phòng', 'Trưởng phòng'],
];
