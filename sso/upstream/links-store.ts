import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** One account of an older system and the person whose it is. */
export interface Link {
  sourceId: string;
  issuer: string;
  subject: string;
  staffId: string;
}

const columns = sql`source_id as "sourceId", issuer, subject, staff_id as "staffId"`;

export const findLink = async (
  db: Database | Tx,
  { issuer, subject }: Pick<Link, 'issuer' | 'subject'>,
): Promise<Link | undefined> => {
  const { rows } = await sql<Link>`
    select ${columns} from upstream_link where issuer = ${issuer} and subject = ${subject}`.execute(db);
  return rows[0];
};

/** All links of a source. */
export const readLinks = async (db: Database, sourceId: string): Promise<Link[]> => {
  const { rows } = await sql<Link>`
    select ${columns} from upstream_link where source_id = ${sourceId}`.execute(db);
  return rows;
};

/** False: the account or the person has another link already. */
export const insertLink = async (tx: Tx, link: Link & { linkedBy: string }): Promise<boolean> => {
  const { rows } = await sql`
    insert into upstream_link (source_id, issuer, subject, staff_id, linked_by)
    values (${link.sourceId}, ${link.issuer}, ${link.subject}, ${link.staffId}, ${link.linkedBy})
    on conflict do nothing returning 1`.execute(tx);
  return rows.length > 0;
};

/** False: there was none. */
export const removeLink = async (tx: Tx, sourceId: string, staffId: string): Promise<boolean> => {
  const { rows } = await sql`
    delete from upstream_link where source_id = ${sourceId} and staff_id::text = ${staffId} returning 1`.execute(
    tx,
  );
  return rows.length > 0;
};
