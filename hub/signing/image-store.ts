import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

type Holder = { staffId: string | null; unitId: string | null };

/** The pictures of signers, by the id of their holder: a person's handwriting, an organisation's seal. */
export const findImages = async (db: Database, holders: Holder[]): Promise<Map<string, Buffer>> => {
  const { rows } = await sql<{ holder: string; png: Buffer }>`
    select coalesce(staff_id, unit_id) as holder, png from signing_image
    where staff_id = any(${holders.flatMap(({ staffId }) => staffId ?? [])}::uuid[])
      or unit_id = any(${holders.flatMap(({ unitId }) => unitId ?? [])}::uuid[])`.execute(db);
  return new Map(rows.map(({ holder, png }) => [holder, png]));
};

export const putImage = async (db: Database, holder: Holder, png: Buffer): Promise<void> => {
  const target = holder.staffId === null ? sql`(unit_id)` : sql`(staff_id)`;
  await sql`insert into signing_image (staff_id, unit_id, png) values (${holder.staffId}, ${holder.unitId}, ${png})
    on conflict ${target} do update set png = excluded.png`.execute(db);
};
