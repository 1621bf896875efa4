import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** What holds for all signatures. */
export interface SigningSettings {
  /** The time-stamp authority (RFC 3161 over HTTP); absent: only B-B can be made. */
  timeStampUrl: string | undefined;
  /** Certificates whose chains are trusted, DER. */
  roots: Buffer[];
  /** Issuers below them that files and time-stamps may lack; trusted only by way of a root. */
  intermediates: Buffer[];
}

export const readSettings = async (db: Database): Promise<SigningSettings> => {
  const { rows } = await sql<{ timeStampUrl: string | null; roots: Buffer[]; intermediates: Buffer[] }>`
    select time_stamp_url as "timeStampUrl", roots, intermediates from signing_setting`.execute(db);
  const { timeStampUrl, ...known } = rows[0]!;
  return { timeStampUrl: timeStampUrl ?? undefined, ...known };
};

/** What is absent stays. */
export const writeSettings = async (
  db: Database,
  { timeStampUrl, roots, intermediates }: { [S in keyof SigningSettings]?: SigningSettings[S] | undefined },
): Promise<void> => {
  await sql`update signing_setting set time_stamp_url = coalesce(${timeStampUrl ?? null}, time_stamp_url),
    roots = coalesce(${roots ?? null}::bytea[], roots),
    intermediates = coalesce(${intermediates ?? null}::bytea[], intermediates)`.execute(db);
};
