import type { Decision } from '#schemas/hr-record.ts';
import type { Random } from './random.ts';

const yearly = [
  ...['Lao động tiên tiến', 'Lao động tiên tiến', 'Lao động tiên tiến', 'Chiến sĩ thi đua cơ sở'],
  ...['Giấy khen của Giám đốc Sở', 'Bằng khen của Chủ tịch UBND tỉnh'],
];
const rare = [
  'Chiến sĩ thi đua cấp tỉnh',
  'Bằng khen của Thủ tướng Chính phủ',
  'Huân chương Lao động hạng Ba',
];

/** None for most people; up to four for some, newest first, each in another year before 2018. */
export function awardsOf(random: Random, leader: boolean): Decision[] {
  if (!random.chance(leader ? 0.45 : 0.15)) return [];
  const awards: Decision[] = [];
  let year = 2018;
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    year -= 1 + random.below(2);
    const title = random.pick(leader && random.chance(0.1) ? rare : yearly);
    const number = `${1 + random.below(2900)}/QĐ-UBND`;
    const date = `${year}-12-${String(1 + random.below(31)).padStart(2, '0')}`;
    awards.push({ title, date, year, number });
  }
  return awards;
}
