import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Database, inTransaction, openDatabase, type Tx } from '#hub/platform/database.ts';
import { appendEvents, beginning } from '#hub/platform/event-log.ts';
import type { AppRules } from '#hub/provisioning/desired-account.ts';
import { fanOutOnce } from '#hub/provisioning/fan-out.ts';
import { ensureReader, lockReader } from '#hub/provisioning/fan-out-store.ts';
import { accountAttributes } from '#schemas/account.ts';
import { createProvisioningHub, type ProvisioningHub } from '#tests/provisioning/provisioning-hub.ts';

describe('Fanning events out to tasks', () => {
  let hub: ProvisioningHub;
  let other: Database;

  beforeEach(async () => {
    hub = await createProvisioningHub([], { started: false });
    other = openDatabase(hub.databaseUrl, 4);
    await ensureReader(hub.db, beginning);
  });
  afterEach(async () => {
    await other.destroy();
    await hub.stop();
  });

  const append = (tx: Tx | Database, staffId: string, version: number) =>
    appendEvents(tx as Tx, [
      {
        type: 'vn.lienthong.staff.updated.v1',
        subject: `staff/${staffId}`,
        subjectVersion: version,
        source: 'test',
        actor: 'test',
        data: {},
      },
    ]);
  const portal: AppRules = {
    app: { id: 'portal', entitlement: { purpose: 'test', attributes: ['phone', 'unitId'] }, mapping: {} },
    holds: new Set(accountAttributes),
    createsAccounts: true,
  };
  const step = () => fanOutOnce(hub.db, hub.call, [portal]);
  const drain = async () => {
    while ((await step()) !== 'idle');
  };

  it('skips nobody whose transaction commits late, even behind later positions', async () => {
    const [early, late] = [randomUUID(), randomUUID()];
    let commit = (): void => {};
    let appended = (): void => {};
    const gate = new Promise<void>(resolve => {
      commit = resolve;
    });
    const written = new Promise<void>(resolve => {
      appended = resolve;
    });
    const open = inTransaction(other, async tx => {
      await append(tx, late, 1);
      appended();
      await gate;
    });
    await written;
    await append(hub.db, early, 1);
    await drain();
    assert.equal(await hub.task('portal', late), undefined);
    commit();
    await open;
    await drain();
    assert.equal((await hub.task('portal', late))!.state, 'ready');
    assert.equal((await hub.task('portal', early))!.state, 'ready');
  });

  it('makes one task of many events and remembers the first one’s time', async () => {
    const id = randomUUID();
    for (let version = 1; version <= 5; version++) await append(hub.db, id, version);
    await drain();
    await append(hub.db, id, 6);
    await drain();
    const { rows } = await sql<{ generation: number; first: boolean }>`
      select generation, fact_at =
          date_trunc('milliseconds', (select min(at) from event where subject = ${`staff/${id}`})) as first
      from provisioning_task`.execute(hub.db);
    assert.deepEqual(rows, [{ generation: 2, first: true }]);
  });

  it('leaves a leased task leased, and makes it ready when it is settled', async () => {
    const id = randomUUID();
    await append(hub.db, id, 1);
    await drain();
    await sql`update provisioning_task set state = 'leased', lease_token = gen_random_uuid(),
      lease_until = now() + interval '1 minute'`.execute(hub.db);
    await append(hub.db, id, 2);
    await drain();
    const task = (await hub.task('portal', id))!;
    assert.deepEqual([task.state, task.generation], ['leased', 2]);
  });

  it('stays with the node that is at it', async () => {
    await append(hub.db, randomUUID(), 1);
    await inTransaction(other, async tx => {
      assert.ok(await lockReader(tx));
      assert.equal(await step(), 'idle');
    });
    assert.equal(await step(), 'worked');
  });

  it('moves on over events that are about nobody', async () => {
    await appendEvents(hub.db as Tx, [
      {
        type: 'vn.lienthong.account.created.v1',
        subject: `account/portal/${randomUUID()}`,
        subjectVersion: 1,
        source: 'test',
        actor: 'test',
        data: {},
      },
    ]);
    assert.equal(await step(), 'passed');
    assert.equal(await step(), 'idle');
    const { rows } = await sql`select from provisioning_task`.execute(hub.db);
    assert.equal(rows.length, 0);
  });
});
