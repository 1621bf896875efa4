import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

type Holder = { staffId: string | null; unitId: string | null };

/** The picture of a signer: a person's handwriting, an organisation's seal. */
export const findImage = async (db: Database, holder: Holder): Promise<Buffer | undefined> => {
  const { rows } = await sql<{ png: Buffer }>`select png from signing_image
    where staff_id = ${holder.staffId}::uuid or unit_id = ${holder.unitId}::uuid`.execute(db);
  return rows[0]?.png;
};

export const putImage = async (db: Database, holder: Holder, png: Buffer): Promise<void> => {
  const target = holder.staffId === null ? sql`(unit_id)` : sql`(staff_id)`;
  await sql`insert into signing_image (staff_id, unit_id, png) values (${holder.staffId}, ${holder.unitId}, ${png})
    on conflict ${target} do update set png = excluded.png`.execute(db);
};
