/** How much a file may hold. What is over a limit is refused as a whole, never cut. */
export interface TableLimits {
  /** Entries of the zip package. */
  entries: number;
  /** Bytes of all entries together, once inflated. */
  inflatedBytes: number;
  /** Inflated by compressed size of one entry; asked only of entries over `ratioFrom` bytes. */
  ratio: number;
  ratioFrom: number;
  /** Rows with a value. */
  rows: number;
  columns: number;
  /** UTF-16 units of one cell; 32,767 is what Excel itself allows. */
  cellText: number;
  /** UTF-16 units of all shared strings together: they are the one part that is held in memory. */
  sharedText: number;
}

export const defaultLimits: TableLimits = {
  entries: 2_000,
  inflatedBytes: 200 * 1024 * 1024,
  ratio: 200,
  ratioFrom: 1024 * 1024,
  rows: 200_000,
  columns: 200,
  cellText: 32_767,
  sharedText: 64 * 1024 * 1024,
};
