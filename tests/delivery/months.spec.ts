import assert from 'node:assert/strict';
import { sql } from 'kysely';
import createHousekeeping from '#hub/housekeeping/housekeeping.service.ts';
import { createTestHub } from '#tests/support/test-hub.ts';

describe('Attempts of webhooks', () => {
  it('are kept by the month: coming months are made, old ones dropped', async () => {
    const hub = await createTestHub([createHousekeeping], { started: false });
    await sql`
      create table delivery_attempt_200101 partition of delivery_attempt
      for values from ('2001-01-01') to ('2001-02-01')`.execute(hub.db);
    const next = `delivery_attempt_${new Date(Date.now()).toISOString().slice(0, 7).replace('-', '')}`;
    await sql`drop table ${sql.table(next)}`.execute(hub.db);
    for (const part of hub.parts) await part.start?.();
    const { rows } = await sql<{ name: string }>`
      select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'delivery_attempt'::regclass`.execute(hub.db);
    const names = rows.map(({ name }) => name);
    await hub.stop();
    assert.ok(names.includes(next) && !names.includes('delivery_attempt_200101'), names.join());
  });
});
