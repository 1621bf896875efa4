import type { Language } from '#hub/platform/messages.ts';

/** A time as people here write it: `09:30 02/12/2026`. */
export const tellTime = (language: Language, at: Date): string =>
  at.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
