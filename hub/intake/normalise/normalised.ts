import type { FlagCode, RefusalCode } from './codes.ts';

/** What a spreadsheet cell, a CSV field or a JSON property may hold. */
export type Cell = string | number | boolean | Date | null | undefined;

/**
 * A cell made fit for the register, with flags that say what had to be done to it (warnings, in the order in
 * which they arose), or the reason why it cannot be used. Words for both: `messages/intake.vi.json` and
 * `intake.en.json`. `detail` never repeats the cell: it may be personal.
 */
export type Normalised<T> = { value: T; flags: string[] } | { error: string; detail?: string };

/** A usable value. */
export function accept<T>(value: T, flags: FlagCode[] = []): Normalised<T> {
  return { value, flags };
}

/** A refused cell. */
export function refuse<T>(error: RefusalCode, detail?: string): Normalised<T> {
  return detail === undefined ? { error } : { error, detail };
}
