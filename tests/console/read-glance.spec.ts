import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { readGlance } from '#hub/console/read-glance.ts';
import { inTransaction } from '#hub/platform/database.ts';
import type { Part } from '#hub/platform/part.ts';
import { staffFact, writeFacts } from '#tests/events/events-gateway.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const app = (id: string, connector?: string) => ({ id, name: id, enabled: true, connector });
const stub = {
  name: 'everything',
  actions: {
    'apps.list': async () => [app('hr', 'hr'), app('portal', 'portal'), app('thi-dua')],
    'provisioning.health': async () => [
      { app: 'hr', queue: { ready: 0, leased: 0, dead: 0, held: 0, unfiled: 7 }, accounts: 3 },
    ],
    'connectors.list': async () => [
      { id: 'hr', breaker: 'closed', createsAccounts: false },
      { id: 'portal', breaker: 'closed', createsAccounts: true },
    ],
    'staff.counts': async () => ({ total: 1, active: 1 }),
  },
} as unknown as Part;

describe('What the first look shows', () => {
  let hub: TestHub;
  before(async () => {
    hub = await createTestHub([], { stubs: [stub] });
  });
  after(() => hub.stop());

  const glance = () => readGlance({ db: hub.db, call: hub.call });
  const answered = (id: string, name: string, error: string | null) =>
    sql`insert into exchange (app, port, method, staff_id, outcome, error_code, duration_ms)
      values (${name}, 'accounts', 'upsert', ${id}::uuid, ${error === null ? 'ok' : 'failed'}, ${error}, 1)`.execute(
      hub.db,
    );

  it('is of each app only its last answer since a change, whenever that came', async () => {
    const id = randomUUID();
    await inTransaction(hub.db, tx => writeFacts(tx, staffFact('staff.joined', id)));
    await answered(id, 'portal', 'unavailable');
    const portal = async () => (await glance()).changes[0]!.apps;
    assert.deepEqual(await portal(), [{ app: 'portal', outcome: 'failed' }]);
    await answered(id, 'portal', null);
    assert.deepEqual(await portal(), [{ app: 'portal', outcome: 'ok' }]);
    await sql`update exchange set at = at + interval '3 hours' where outcome = 'ok'`.execute(hub.db);
    assert.deepEqual(await portal(), [{ app: 'portal', outcome: 'ok' }]);
    await answered(id, 'hr', 'not-found');
    assert.deepEqual(await portal(), [
      { app: 'hr', outcome: 'unfiled' },
      { app: 'portal', outcome: 'ok' },
    ]);
    assert.match((await glance()).changes[0]!.at, /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
  });

  it('is well where people only wait for their file, and sets apps without a connector apart', async () => {
    const { apps, readers } = await glance();
    assert.deepEqual(
      apps.map(({ id, state, queue, unfiled }) => [id, state, queue, unfiled]),
      [
        ['hr', 'ok', 0, 7],
        ['portal', 'ok', 0, 0],
      ],
    );
    assert.deepEqual(readers, [{ id: 'thi-dua', name: 'thi-dua', enabled: true }]);
  });
});
