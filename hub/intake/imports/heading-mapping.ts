import { type Static, Type } from 'typebox';
import { type Field, fields, headingKey } from '#hub/intake/spreadsheet/heading-fields.ts';
import { AppError } from '#hub/platform/errors.ts';
import { compileCheck } from '#hub/platform/http/check-request.ts';
import { hasBadText } from '#hub/platform/http/read-json.ts';
import { type Language, say } from '#hub/platform/messages.ts';

/** What headings mean: heading → field. */
export const HeadingMapping = Type.Record(
  Type.String({ maxLength: 200 }),
  Type.String({ enum: [...fields] }),
);
export type HeadingMapping = Static<typeof HeadingMapping>;

const check = compileCheck({ body: Type.Object({ mapping: HeadingMapping }) });

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The field `mapping` of an upload: JSON, heading → field. Pure.
 *
 * @throws {AppError} `malformed-body` when it is no JSON or cannot be kept, `invalid-request` with every fault
 */
export const readHeadingMapping = (text: string, language: Language): HeadingMapping => {
  const mapping = parse(text);
  const broken = mapping === undefined ? 'not-json' : hasBadText(mapping) ? 'bad-text' : undefined;
  if (broken !== undefined)
    throw new AppError('malformed-body', { reason: `mapping: ${say(language, `http.reason-${broken}`)}` });
  check({ params: {}, query: {}, body: { mapping } }, language);
  return mapping as HeadingMapping;
};

/** The saved meanings, with those of one upload over them; headings are the same when they read the same. Pure. */
export const overlayMapping = (saved: HeadingMapping, own: HeadingMapping): Record<string, Field> =>
  Object.fromEntries(
    [...Object.entries(saved), ...Object.entries(own)].map(([heading, field]) => [
      headingKey(heading),
      field as Field,
    ]),
  );
