import { sql } from 'kysely';
import type { Tx } from '#hub/platform/database.ts';
import type { AccountValues } from './account-values.ts';

export interface AdoptedAccount {
  staffId: string;
  externalId: string;
  enabled: boolean;
  given: AccountValues;
}

/** Links accounts as given; what an external id was linked to before gives way. */
export const adoptAccounts = async (tx: Tx, app: string, accounts: AdoptedAccount[]): Promise<number> => {
  const json = JSON.stringify(accounts);
  await sql`
    update account a set external_id = null, given = '{}', enabled = false
    from jsonb_to_recordset(${json}::jsonb) as r("staffId" uuid, "externalId" text)
    where a.app = ${app} and a.external_id = r."externalId" and a.staff_id <> r."staffId"
  `.execute(tx);
  const result = await sql`
    insert into account as a (app, staff_id, external_id, enabled, given)
    select ${app}, "staffId", "externalId", enabled, given
    from jsonb_to_recordset(${json}::jsonb)
      as r("staffId" uuid, "externalId" text, enabled boolean, given jsonb)
    on conflict (app, staff_id) do update set
      external_id = excluded.external_id, enabled = excluded.enabled, given = excluded.given,
      state = 'linked', updated_at = clock_timestamp()
  `.execute(tx);
  return Number(result.numAffectedRows ?? 0);
};
