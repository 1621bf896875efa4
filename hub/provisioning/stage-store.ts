import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { AccountValues } from './account-values.ts';

/** An account as the app told it. */
export interface SeenAccount {
  externalId: string;
  enabled: boolean;
  values: AccountValues;
}

/** A person as the register has them, and what the app should hold. */
export interface StagedPerson {
  staffId: string;
  code: string;
  username: string;
  unitId: string | null;
  wanted: boolean;
  desired: AccountValues;
}

/** Removes both sides of a comparison, and with `findings` also what an interrupted run had found. */
export const clearStage = async (db: Database | Tx, id: string, findings: boolean): Promise<void> => {
  await sql`delete from reconciliation_seen where reconciliation_id = ${id}::uuid`.execute(db);
  await sql`delete from reconciliation_person where reconciliation_id = ${id}::uuid`.execute(db);
  if (findings)
    await sql`delete from reconciliation_finding where reconciliation_id = ${id}::uuid`.execute(db);
};

export const stageAccounts = async (db: Database, id: string, accounts: SeenAccount[]): Promise<void> => {
  const unique = [...new Map(accounts.map(one => [one.externalId, one])).values()];
  await sql`
    insert into reconciliation_seen (reconciliation_id, external_id, enabled, code, username, contents)
    select ${id}::uuid, "externalId", enabled, values ->> 'code', values ->> 'username', values
    from jsonb_to_recordset(${JSON.stringify(unique)}::jsonb)
      as r("externalId" text, enabled boolean, "values" jsonb)
    on conflict (reconciliation_id, external_id) do update set
      enabled = excluded.enabled, code = excluded.code, username = excluded.username,
      contents = excluded.contents`.execute(db);
};

export const stagePeople = async (db: Database, id: string, people: StagedPerson[]): Promise<void> => {
  const unique = [...new Map(people.map(one => [one.staffId, one])).values()];
  await sql`
    insert into reconciliation_person
      (reconciliation_id, staff_id, code, username, unit_id, wanted, desired)
    select ${id}::uuid, "staffId", code, username, "unitId", wanted, desired
    from jsonb_to_recordset(${JSON.stringify(unique)}::jsonb) as r(
      "staffId" uuid, code text, username text, "unitId" uuid, wanted boolean, desired jsonb)
    on conflict (reconciliation_id, staff_id) do update set
      code = excluded.code, username = excluded.username, unit_id = excluded.unit_id,
      wanted = excluded.wanted, desired = excluded.desired`.execute(db);
};

/** Linked people who were not met while the register was read page by page (renamed meanwhile). */
export const unstagedLinks = async (db: Database, id: string, app: string): Promise<string[]> => {
  const { rows } = await sql<{ staffId: string }>`
    select a.staff_id as "staffId" from account a
    where a.app = ${app} and a.external_id is not null and not exists (
      select from reconciliation_person p
      where p.reconciliation_id = ${id}::uuid and p.staff_id = a.staff_id)`.execute(db);
  return rows.map(row => row.staffId);
};
