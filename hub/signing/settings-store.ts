import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** What holds for all signatures. */
export interface SigningSettings {
  /** The time-stamp authority (RFC 3161 over HTTP); absent: only B-B can be made. */
  timeStampUrl: string | undefined;
  /** Certificates whose chains are trusted, DER. */
  roots: Buffer[];
}

export const readSettings = async (db: Database): Promise<SigningSettings> => {
  const { rows } = await sql<{ timeStampUrl: string | null; roots: Buffer[] }>`
    select time_stamp_url as "timeStampUrl", roots from signing_setting`.execute(db);
  return { timeStampUrl: rows[0]!.timeStampUrl ?? undefined, roots: rows[0]!.roots };
};

/** What is absent stays. */
export const writeSettings = async (
  db: Database,
  { timeStampUrl, roots }: { timeStampUrl?: string | undefined; roots?: Buffer[] | undefined },
): Promise<void> => {
  await sql`update signing_setting set time_stamp_url = coalesce(${timeStampUrl ?? null}, time_stamp_url),
    roots = coalesce(${roots ?? null}::bytea[], roots)`.execute(db);
};
