/** Whether a text is dd/MM/yyyy and a day of the calendar. */
export const isVietnameseDay = (value: unknown): boolean => {
  const [, dd, mm, yyyy] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(String(value)) ?? [];
  const date = new Date(`${yyyy}-${mm}-${dd}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(dd);
};

/** dd/MM/yyyy or yyyy-MM-dd as a number that orders days; 0 for none. */
export const dayNumber = (day: string | null | undefined): number =>
  day ? Number(day.includes('/') ? day.split('/').reverse().join('') : day.replaceAll('-', '')) : 0;

/** The day of a moment in Vietnam, likewise. */
export const dayNumberOf = (moment: string): number =>
  dayNumber(new Date(Date.parse(moment) + 7 * 3_600_000).toISOString().slice(0, 10));
