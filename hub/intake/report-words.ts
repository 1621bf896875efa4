import { type Language, say } from '#hub/platform/messages.ts';
import type { Remark, RowReport } from '#schemas/intake.ts';

/** Words that exist under the first key, else under the second. */
const sayFirst = (
  language: Language,
  keys: [string, string],
  params: Record<string, string | number> = {},
): string => {
  const own = say(language, keys[0], params);
  return own === keys[0] ? say(language, keys[1], params) : own;
};

const where = ({ field, params = {} }: Remark, language: Language): string[] => {
  if (field === undefined) return [];
  const name = sayFirst(language, [`fields.${field}`, field]);
  if (params.before !== undefined) return [say(language, 'report.changed-from', { field: name, ...params })];
  // Other words say the field themselves.
  return Object.keys(params).length > 0 ? [] : [say(language, 'report.in-field', { field: name })];
};

/** A flag in words, with the values before and after for each field that has it. */
const explainFlag = (flag: string, remarks: Remark[], language: Language): string => {
  const own = remarks.filter(remark => remark.flag === flag);
  const places = own.flatMap(remark => where(remark, language));
  return [say(language, `intake.${flag}`, own[0]?.params), ...places].join(' ');
};

const keyOf = ({ code, params }: NonNullable<RowReport['errors']>[number]): string =>
  code === 'unknown-unit' && params?.candidates ? 'intake.unknown-unit-near' : `intake.${code}`;

/** The report with its faults and flags in words, in the reader's language. */
export const withWords = (report: RowReport, language: Language): RowReport => ({
  ...report,
  ...(report.flags === undefined
    ? {}
    : { notes: report.flags.map(flag => explainFlag(flag, report.remarks ?? [], language)) }),
  ...(report.errors === undefined
    ? {}
    : {
        errors: report.errors.map(error => ({
          ...error,
          detail: sayFirst(language, [keyOf(error), `errors.${error.code}`], error.params),
        })),
      }),
});
