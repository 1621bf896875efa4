import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { register } from 'prom-client';
import createHousekeeping from '#hub/housekeeping/housekeeping.service.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('Housekeeping', () => {
  let hub: TestHub;
  before(async () => {
    hub = await createTestHub([createHousekeeping], { started: false, config: { keepMonths: 6 } });
  });
  after(() => hub.stop());

  const partitions = async () =>
    (
      await sql<{ name: string }>`
        select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'exchange'::regclass order by 1`.execute(hub.db)
    ).rows.map(({ name }) => name);

  it('makes the partitions of the coming months and drops those that are too old, not younger ones', async () => {
    await sql`create table exchange_200101 partition of exchange for values from ('2001-01-01') to ('2001-02-01')`.execute(
      hub.db,
    );
    const { rows } = await sql<{ next: string }>`
      select 'exchange_' || to_char(now() + interval '2 months', 'YYYYMM') as next`.execute(hub.db);
    await sql`drop table ${sql.table(rows[0]!.next)}`.execute(hub.db);
    const before = await partitions();
    await hub.parts[0]!.start!();
    const now = await partitions();
    assert.ok(!now.includes('exchange_200101'));
    assert.ok(now.includes(rows[0]!.next));
    assert.ok(before.filter(name => name !== 'exchange_200101').every(name => now.includes(name)));
  });

  it('tells the queues of every app to whoever watches', async () => {
    assert.match(await register.metrics(), /# HELP lienthong_provisioning_tasks/);
  });
});
