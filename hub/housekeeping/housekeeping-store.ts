import { sql } from 'kysely';
import { type Database, inTransaction } from '#hub/platform/database.ts';

/** Partitions of this month and the next two; safe when many nodes do it at once. */
export const makePartitions = (db: Database): Promise<void> =>
  inTransaction(db, async tx => {
    await sql`select pg_advisory_xact_lock(hashtext('lienthong.partitions'))`.execute(tx);
    await sql`
      select make_partitions('event', 2), make_partitions('exchange', 2), make_partitions('delivery_attempt', 2)
    `.execute(tx);
  });

/** Drops the partitions of calls and webhooks whose month lies more than `months` back; answers their names. */
export const dropOldExchanges = (db: Database, months: number): Promise<string[]> =>
  inTransaction(db, async tx => {
    await sql`select pg_advisory_xact_lock(hashtext('lienthong.partitions'))`.execute(tx);
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent in ('exchange'::regclass, 'delivery_attempt'::regclass)
        and c.relname ~ '^(exchange|delivery_attempt)_[0-9]{6}$'
        and to_date(right(c.relname, 6), 'YYYYMM') < date_trunc('month', now()) - make_interval(months => ${months})
    `.execute(tx);
    for (const { name } of rows) await sql`drop table ${sql.table(name)}`.execute(tx);
    return rows.map(({ name }) => name);
  });
