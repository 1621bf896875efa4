/** The parts of a Vietnamese name, and what to sort it by. */
export type NameParts = {
  /** First word; empty when the name is one word. */
  family: string;
  /** Words between family and given name; may be empty. */
  middle: string;
  /** Last word: what people are called and sorted by. */
  given: string;
  /**
   * Given, family, middle, in that order. Compare two keys with the Vietnamese collation
   * (`Intl.Collator('vi')`, PostgreSQL `vi-x-icu`): it is not meant for comparison byte by byte.
   */
  sortKey: string;
};

/** Splits `Nguyễn Thị Minh Châu` into Nguyễn | Thị Minh | Châu. Blanks are collapsed; letters stay as they are. */
export function splitName(name: string): NameParts {
  const words = name.trim().split(/\s+/);
  const given = words.at(-1) ?? '';
  const family = words.length > 1 ? words[0]! : '';
  const middle = words.slice(1, -1).join(' ');
  return { family, middle, given, sortKey: [given, family, middle].filter(Boolean).join(' ') };
}
