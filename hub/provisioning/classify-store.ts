import { sql } from 'kysely';
import type { Tx } from '#hub/platform/database.ts';
import type { AccountValues } from './account-values.ts';
import type { Differences } from './compare-accounts.ts';

/**
 * Says of every account whose it is (`holder`: linked, else of that user name, else of that code) and of what
 * kind: `orphan` or `closed` (nobody's), `disputed` (it carries another person's code), `duplicate` (a second
 * one of the same person), or `pair` (to be compared). Who has a task under way or changed since `since` is
 * not judged. Lives until the transaction ends.
 */
export const weighAccounts = async (tx: Tx, id: string, app: string, since: Date): Promise<void> => {
  await sql`analyze reconciliation_seen, reconciliation_person`.execute(tx);
  await sql`
    create temp table pending on commit drop as
    select staff_id from provisioning_task
    where app = ${sql.lit(app)}
      and (state in ('ready', 'leased') or changed_at >= ${sql.lit(since.toISOString())}::timestamptz)
  `.execute(tx);
  await sql`
    create temp table weighed on commit drop as
    with evidence as (
      select s.external_id, s.enabled, l.staff_id as linked, c.staff_id as by_code, u.staff_id as by_username,
        coalesce(l.staff_id, u.staff_id, c.staff_id) as holder
      from reconciliation_seen s
      left join account l on l.app = ${sql.lit(app)} and l.external_id = s.external_id
      left join reconciliation_person c on c.reconciliation_id = s.reconciliation_id and c.code = s.code
      left join reconciliation_person u on u.reconciliation_id = s.reconciliation_id and u.username = s.username
      where s.reconciliation_id = ${sql.lit(id)}::uuid),
    ranked as (
      select e.*, p.staff_id is not null as known, coalesce(by_code <> holder, false) as stranger,
        row_number() over (partition by holder, coalesce(by_code <> holder, false)
          order by linked is null, by_username is null, not enabled, external_id) as nr
      from evidence e
      left join reconciliation_person p
        on p.reconciliation_id = ${sql.lit(id)}::uuid and p.staff_id = e.holder)
    select external_id, enabled, linked, holder, by_code, by_username,
      holder in (select staff_id from pending) or by_code in (select staff_id from pending) as skipped,
      case
        when holder is null or not known then case when enabled then 'orphan' else 'closed' end
        when stranger then 'disputed'
        when nr > 1 then case when enabled then 'duplicate' else 'closed' end
        else 'pair' end as verdict
    from ranked
  `.execute(tx);
  await sql`create index on weighed (holder)`.execute(tx);
  await sql`analyze weighed`.execute(tx);
};

/**
 * Writes what needs no comparison of values. `mayCreate`: accounts begin with the hub; where they do not (the
 * HR software), what is missing or too much there is only told.
 */
export const writeVerdicts = async (tx: Tx, id: string, mayCreate: boolean): Promise<void> => {
  const close = mayCreate ? 'disable' : 'none';
  await sql`
    insert into reconciliation_finding
      (reconciliation_id, kind, staff_id, other_staff_id, unit_id, external_id, disables, account, detail, action)
    select ${id}::uuid,
      case w.verdict when 'orphan' then 'orphan' else 'disputed' end,
      case w.verdict when 'orphan' then null else w.holder end,
      case w.verdict when 'disputed' then w.by_code end,
      p.unit_id, w.external_id, w.verdict <> 'disputed' and ${mayCreate},
      jsonb_strip_nulls(jsonb_build_object(
        'code', s.contents -> 'code', 'username', s.contents -> 'username', 'name', s.contents -> 'name')),
      case w.verdict
        when 'disputed' then 'the account carries the staff code of somebody else'
        when 'duplicate' then 'a second account of the same person' end,
      case
        when w.verdict <> 'disputed' then ${close}
        when w.by_username = w.holder then 'update'
        when w.by_username = w.by_code then 'relink'
        when exists (select from weighed o where o.holder = w.by_code and o.by_code = w.by_code
                     and o.verdict = 'pair') then 'update'
        else 'relink' end
    from weighed w
    join reconciliation_seen s on s.reconciliation_id = ${id}::uuid and s.external_id = w.external_id
    left join reconciliation_person p on p.reconciliation_id = ${id}::uuid and p.staff_id = w.holder
    where w.verdict in ('orphan', 'disputed', 'duplicate') and w.skipped is not true
    order by w.external_id`.execute(tx);
  await sql`
    insert into reconciliation_finding (reconciliation_id, kind, staff_id, unit_id, action)
    select ${id}::uuid, 'missing', p.staff_id, p.unit_id, ${mayCreate ? 'create' : 'none'}
    from reconciliation_person p
    where p.reconciliation_id = ${id}::uuid and p.wanted
      and not exists (select from weighed w where w.holder = p.staff_id)
      and not exists (select from weighed w where w.by_code = p.staff_id and w.verdict = 'disputed')
      and p.staff_id not in (select staff_id from pending)
    order by p.staff_id`.execute(tx);
};

/** An account and its person that may differ. */
export interface Pair {
  staffId: string;
  unitId: string | null;
  externalId: string;
  linked: boolean;
  enabled: boolean;
  wanted: boolean;
  has: AccountValues;
  desired: AccountValues;
}

/** Pairs that are not plainly equal, in the order of their external ids. */
export const unequalPairs = async (
  tx: Tx,
  id: string,
  after: string | undefined,
  limit: number,
): Promise<Pair[]> => {
  const { rows } = await sql<Pair>`
    select w.holder as "staffId", p.unit_id as "unitId", w.external_id as "externalId",
      w.linked is not null as linked, w.enabled, p.wanted, s.contents as has, p.desired
    from weighed w
    join reconciliation_person p on p.reconciliation_id = ${id}::uuid and p.staff_id = w.holder
    join reconciliation_seen s on s.reconciliation_id = ${id}::uuid and s.external_id = w.external_id
    where w.verdict = 'pair' and w.skipped is not true
      ${after === undefined ? sql`` : sql`and w.external_id > ${after}`}
      and (w.enabled <> p.wanted
        or (p.wanted and (w.linked is null or exists (
          select from jsonb_each(p.desired) d where s.contents -> d.key is distinct from d.value))))
    order by w.external_id limit ${limit}`.execute(tx);
  return rows;
};

export interface Different {
  staffId: string;
  unitId: string | null;
  externalId: string;
  differences: Differences;
  action: 'update' | 'disable';
  detail?: string;
}

export const writeDifferences = async (tx: Tx, id: string, found: Different[]): Promise<void> => {
  if (found.length === 0) return;
  await sql`
    insert into reconciliation_finding
      (reconciliation_id, kind, staff_id, unit_id, external_id, disables, differences, detail, action)
    select ${id}::uuid, 'different', "staffId", "unitId", "externalId", action = 'disable', differences,
      detail, action
    from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as r(
      "staffId" uuid, "unitId" uuid, "externalId" text, differences jsonb, detail text, action text)
  `.execute(tx);
};

/** How many of each kind there are, and accounts by the unit of their person. */
export const countVerdicts = async (
  tx: Tx,
  id: string,
): Promise<{ counts: Record<string, number>; unitAccounts: Record<string, number> }> => {
  const { rows } = await sql<{ counts: Record<string, number>; units: Record<string, number> | null }>`
    select jsonb_build_object(
      'accounts', (select count(*) from weighed),
      'people', (select count(*) from reconciliation_person where reconciliation_id = ${id}::uuid),
      'closed', (select count(*) from weighed where verdict = 'closed'),
      'pending', (select count(*) from weighed where skipped),
      'linked', (select count(*) from weighed where verdict = 'pair' and skipped is not true)
        - (select count(*) from reconciliation_finding
           where reconciliation_id = ${id}::uuid and kind = 'different'),
      'missing', 0, 'orphan', 0, 'different', 0, 'disputed', 0)
      || coalesce((select jsonb_object_agg(kind, n) from (
           select kind, count(*) as n from reconciliation_finding
           where reconciliation_id = ${id}::uuid group by kind) k), '{}') as counts,
    (select jsonb_object_agg(unit_id, n) from (
       select p.unit_id, count(*) as n from weighed w
       join reconciliation_person p on p.reconciliation_id = ${id}::uuid and p.staff_id = w.holder
       where p.unit_id is not null and w.enabled group by p.unit_id) u) as units`.execute(tx);
  return { counts: rows[0]!.counts, unitAccounts: rows[0]!.units ?? {} };
};
