import type { Language } from '#hub/platform/messages.ts';

const timeZone = 'Asia/Ho_Chi_Minh';

/** A moment as people here read it. */
export const tellTime = (iso: string, language: Language): string =>
  new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone,
  }).format(new Date(iso));

/** A day (`2026-03-01`) the same way. */
export const tellDay = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    dateStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`));
