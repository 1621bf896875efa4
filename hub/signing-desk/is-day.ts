/** Whether a field of a form holds a day (`2026-03-01`), as its date input sends it. Pure. */
export const isDay = (text: string | undefined): text is string => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');
