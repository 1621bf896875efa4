import type { Language } from '#hub/platform/messages.ts';

const timeZone = 'Asia/Ho_Chi_Minh';
const day = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;

/** A moment as people here read it. */
export const tellTime = (iso: string, language: Language): string =>
  new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    ...day,
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(iso));

/** A day (`2026-03-01`) the same way. */
export const tellDay = (date: string, language: Language): string =>
  new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    ...day,
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`));
