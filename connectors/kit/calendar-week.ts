const dayMs = 86_400_000;

/** Monday and Sunday of the week in which a day lies, ISO 8601. */
export const weekOf = (day: string): { monday: string; sunday: string } => {
  const time = Date.parse(`${day}T00:00:00Z`);
  const monday = time - ((new Date(time).getUTCDay() + 6) % 7) * dayMs;
  const iso = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return { monday: iso(monday), sunday: iso(monday + 6 * dayMs) };
};

/** Entries in the order of their day and time. */
export const inOrder = <T extends { day: string; from: string }>(entries: T[]): T[] =>
  entries.toSorted((a, b) => `${a.day}${a.from}`.localeCompare(`${b.day}${b.from}`));
