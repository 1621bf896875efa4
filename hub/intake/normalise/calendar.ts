/** `YYYY-MM-DD` of a day that exists in the Gregorian calendar, or undefined. `month` is 1 to 12. */
export function isoDay(year: number, month: number, day: number): string | undefined {
  const time = new Date(Date.UTC(2000, month - 1, day));
  time.setUTCFullYear(year, month - 1, day);
  const exists = time.getUTCMonth() === month - 1 && time.getUTCDate() === day;
  return exists ? time.toISOString().slice(0, 10) : undefined;
}

/**
 * The day of a spreadsheet serial number; the fraction (time of day) is dropped. In the 1900 system day 60 is
 * 29 February 1900, which Lotus 1-2-3 believed in and Excel keeps: it does not exist and gives undefined; the
 * numbers before it are one day off. In the 1904 system (old Macintosh files) day 0 is 1 January 1904.
 */
export function daySerial(serial: number, date1904 = false): string | undefined {
  const whole = Math.floor(serial);
  if (!date1904 && whole === 60) return undefined;
  const shift = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, whole < 60 ? 31 : 30);
  return new Date(shift + whole * 86_400_000).toISOString().slice(0, 10);
}
