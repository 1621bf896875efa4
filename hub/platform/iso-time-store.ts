import { type RawBuilder, sql } from 'kysely';

/** A `timestamptz` as every answer tells times: ISO 8601 in UTC with milliseconds and `Z`. Null stays null. */
export const isoTime = (column: string): RawBuilder<string | null> =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
