import { fold } from '#hub/platform/vietnamese/fold.ts';

/** Titles of those who lead a unit, the first found first; deputies ("Phó …") never. */
const titles = [
  'chủ tịch',
  'giám đốc',
  'cục trưởng',
  'chi cục trưởng',
  'chánh văn phòng',
  'chánh thanh tra',
  'trưởng ban',
  'trưởng phòng',
  'hiệu trưởng',
  'viện trưởng',
  'trưởng trạm',
  'tổng biên tập',
].map(fold);

/** How high a title stands among those who lead (0 is first); undefined: it does not lead. Pure. */
export const headRank = (title: string): number | undefined => {
  const folded = fold(title);
  const rank = titles.findIndex(one => folded === one || folded.startsWith(`${one} `));
  return rank < 0 ? undefined : rank;
};
