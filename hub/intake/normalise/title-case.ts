const word = /[\p{L}\p{M}]+/gu;
/** Small accented letters; those with tones are what TCVN3 fonts also draw as capitals. */
export const smallWithTone = /[\u00E0-\u00FF\u1EA1-\u1EF9\u0103\u0111\u0129\u0169\u01A1\u01B0]/g;

/** `NGUYỄN VĂN AN` and `nguyễn văn an` to `Nguyễn Văn An`; a part behind an apostrophe or hyphen too. */
export function titleCase(name: string): string {
  return name.replace(word, part => {
    const [first = '', ...rest] = part;
    return first.toUpperCase() + rest.join('').toLowerCase();
  });
}

/**
 * Whether a name is written in one case only, so that title case loses nothing.
 * `fromCapitalFont`: the text was TCVN3, whose capitals with tones came out small (`NGUYễN`), so those do not count.
 */
export function isOneCase(name: string, fromCapitalFont: boolean): boolean {
  if (name === name.toLowerCase() || name === name.toUpperCase()) return true;
  const plain = fromCapitalFont ? name.replace(smallWithTone, '') : name;
  return plain === plain.toUpperCase();
}

/**
 * Gives the words of a name from TCVN3 their first capital where the encoding had none for it: `Trần Thị ánh`.
 * Names in small letters throughout are a matter for `titleCase`.
 */
export function capitaliseAccented(name: string): string {
  return name.replace(/(?<= |^)\p{Ll}/gu, first => (/[a-z]/.test(first) ? first : first.toUpperCase()));
}
