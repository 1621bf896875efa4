import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** The client's own names for these people. */
export const readExternalIds = async (
  db: Database,
  client: string,
  staffIds: string[],
): Promise<Map<string, string>> => {
  const { rows } = await sql<{ id: string; externalId: string }>`
    select staff_id as id, external_id as "externalId" from scim_mark
    where client = ${client} and staff_id = any(${staffIds}::uuid[]) and external_id is not null`.execute(db);
  return new Map(rows.map(row => [row.id, row.externalId]));
};

const literal = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/** People by the client's own name for them, as it is written; without a comparison all who have one. */
export const findByExternalId = async (
  db: Database,
  client: string,
  test?: { op: string; value: string },
): Promise<string[]> => {
  const value = test?.value ?? '';
  const holds = {
    eq: sql`= ${value}`,
    gt: sql`> ${value}`,
    ge: sql`>= ${value}`,
    lt: sql`< ${value}`,
    le: sql`<= ${value}`,
    co: sql`like ${`%${literal(value)}%`}`,
    sw: sql`like ${`${literal(value)}%`}`,
    ew: sql`like ${`%${literal(value)}`}`,
  }[test?.op ?? ''];
  const { rows } = await sql<{ id: string }>`
    select staff_id as id from scim_mark
    where client = ${client} and external_id ${holds ?? sql`is not null`}`.execute(db);
  return rows.map(row => row.id);
};

/** People whom the client has deleted. They are gone for it while the register says that they have left. */
export const readDeleted = async (db: Database, client: string): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select staff_id as id from scim_mark where client = ${client} and deleted_at is not null`.execute(db);
  return rows.map(row => row.id);
};

export const setExternalId = async (
  db: Database,
  client: string,
  staffId: string,
  externalId: string | null,
): Promise<void> => {
  await sql`
    insert into scim_mark (client, staff_id, external_id) values (${client}, ${staffId}::uuid, ${externalId})
    on conflict (client, staff_id) do update set external_id = excluded.external_id`.execute(db);
};

export const setDeleted = async (
  db: Database,
  client: string,
  staffId: string,
  deleted: boolean,
): Promise<void> => {
  const at = deleted ? sql`clock_timestamp()` : sql`null`;
  await sql`
    insert into scim_mark (client, staff_id, deleted_at) values (${client}, ${staffId}::uuid, ${at})
    on conflict (client, staff_id) do update set deleted_at = excluded.deleted_at`.execute(db);
};
