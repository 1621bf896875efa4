const mostSigns = 60;

/** A factor's name as its person typed it: without control signs, 60 signs at most; undefined when nothing is left. */
export const cleanName = (typed: string | undefined): string | undefined =>
  [...(typed ?? '').normalize('NFC').replaceAll(/\p{C}/gu, '').trim()].slice(0, mostSigns).join('') ||
  undefined;
