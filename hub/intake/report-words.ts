import { type Language, say } from '#hub/platform/messages.ts';
import type { RowReport } from '#schemas/intake.ts';

/** The report with its faults and flags in words, in the reader's language. */
export const withWords = (report: RowReport, language: Language): RowReport => ({
  ...report,
  ...(report.flags === undefined ? {} : { notes: report.flags.map(flag => say(language, `intake.${flag}`)) }),
  ...(report.errors === undefined
    ? {}
    : {
        errors: report.errors.map(error => {
          const own = say(language, `intake.${error.code}`, error.params);
          return {
            ...error,
            detail:
              own === `intake.${error.code}` ? say(language, `errors.${error.code}`, error.params) : own,
          };
        }),
      }),
});
