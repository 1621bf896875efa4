const longest = 200;

/**
 * A cell, or the value made of it, as a clerk reads it, short enough for a report: days day first. Without NUL and half
 * characters, which PostgreSQL cannot keep. Pure.
 */
export const showCell = (value: unknown): string => {
  if (value instanceof Date) return showCell({ day: value.toISOString().slice(0, 10) });
  if (typeof value !== 'object' || value === null)
    return String(value ?? '')
      .replaceAll('\0', '')
      .slice(0, longest)
      .toWellFormed();
  return 'day' in value
    ? String(value.day).split('-').reverse().join('/')
    : showCell(Object.values(value)[0]);
};
