import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Database, openDatabase } from '#hub/platform/database.ts';
import { createFailureCounter, type FailureCounter } from '#sso/accounts/failure-counter.ts';
import { removeSettled } from '#sso/accounts/failure-counter-store.ts';
import { networkOf } from '#sso/accounts/network-of.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('Counting wrong guesses', () => {
  let hub: TestHub;
  let otherDb: Database;
  /** Two nodes on one database. */
  let here: FailureCounter;
  let there: FailureCounter;
  const office = '10.1.2.3';
  const settings = { failuresBeforeLock: 5, lockMinutes: 720 };
  before(async () => {
    hub = await createTestHub([]);
    otherDb = openDatabase(hub.databaseUrl, 10);
    const { secrets } = hub.context;
    here = createFailureCounter({ db: hub.db, secrets }, settings);
    there = createFailureCounter({ db: otherDb, secrets }, settings);
  });
  after(async () => {
    await otherDb.destroy();
    await hub.stop();
  });
  beforeEach(() => sql`delete from failure_count`.execute(hub.db));

  const guess = async (account: string, address = office, counter = here, kind = 'password') => {
    const permit = await counter.allow(kind, account, address);
    if (permit.allowed) await counter.failed(kind, account, address);
    return permit.allowed ? 'looked at' : permit.reason;
  };
  const lock = async (account: string, address = office) => {
    for (let wrong = 0; wrong < 5; wrong++) assert.equal(await guess(account, address), 'looked at');
  };
  const passTime = (minutes: number) =>
    sql`update failure_count set until = until - ${minutes} * interval '1 minute'`.execute(hub.db);

  it('locks an account from the network of the guesses, and only from there', async () => {
    await lock('an');
    const permit = await here.allow('password', 'an', '10.1.2.200');
    assert.ok(!permit.allowed && permit.reason === 'locked');
    assert.ok(permit.seconds > 719 * 60 && permit.seconds <= 720 * 60);
    assert.equal(await guess('an', '10.1.3.3'), 'looked at');
    assert.equal(await guess('binh', office), 'looked at');
  });

  it('ends a lock after its time, counting from the last wrong guess', async () => {
    for (let wrong = 0; wrong < 4; wrong++) await guess('an');
    await passTime(700);
    await guess('an');
    await passTime(719);
    assert.equal(await guess('an'), 'locked');
    await passTime(2);
    assert.equal(await guess('an'), 'looked at');
  });

  it('lets no more guesses pass when they are made at once on two nodes', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, nr) => guess('an', office, nr % 2 === 0 ? here : there)),
    );
    assert.equal(outcomes.filter(outcome => outcome === 'looked at').length, 5);
  });

  it('tells of the lock once, and of the first refusal once', async () => {
    const address = office;
    const permits = await Promise.all(Array.from({ length: 5 }, () => here.allow('password', 'an', address)));
    assert.ok(permits.every(({ allowed }) => allowed));
    const locks = await Promise.all(
      permits.map((_, nr) => (nr % 2 === 0 ? here : there).failed('password', 'an', address)),
    );
    assert.equal(locks.filter(({ locked }) => locked).length, 1);
    const refused = await Promise.all(
      Array.from({ length: 6 }, () => there.allow('password', 'an', address)),
    );
    assert.equal(refused.filter(permit => !permit.allowed && permit.first).length, 1);
  });

  it('forgets wrong guesses after a right one', async () => {
    for (let round = 0; round < 4; round++) {
      for (let wrong = 0; wrong < 4; wrong++) assert.equal(await guess('an'), 'looked at');
      assert.ok((await here.allow('password', 'an', office)).allowed);
      await here.succeeded('password', 'an', office);
    }
  });

  it('only slows down guesses from many networks, and never who is known where they are', async () => {
    await here.allow('password', 'an', office);
    await here.succeeded('password', 'an', office);
    const outcomes = [];
    for (let net = 0; net < 15; net++) outcomes.push(await guess('an', `198.51.${net}.1`));
    assert.equal(outcomes.filter(outcome => outcome === 'looked at').length, 10);
    assert.equal(outcomes.at(-1), 'slow-down');
    assert.equal(await guess('an', office), 'looked at', 'at their own desk nothing has changed');
    await passTime(1);
    assert.equal(await guess('an', '198.51.100.1'), 'looked at');
  });

  it('slows down one password for many names, and not the office behind the same address', async () => {
    for (let clerk = 0; clerk < 120; clerk++) {
      assert.ok((await here.allow('password', `clerk-${clerk}`, office)).allowed, 'right ones do not count');
      await here.succeeded('password', `clerk-${clerk}`, office);
    }
    const outcomes = [];
    for (let nr = 0; nr < 105; nr++) outcomes.push(await guess(`name-${nr}`));
    assert.equal(outcomes.filter(outcome => outcome === 'looked at').length, 100);
    assert.equal(await guess('newcomer'), 'slow-down');
    assert.equal(await guess('clerk-7'), 'looked at', 'who has signed in here before is not held up');
    assert.equal(await guess('newcomer', '10.1.3.3'), 'looked at');
  });

  it('keeps kinds of secrets apart: a lock of one is none of another', async () => {
    await lock('an');
    assert.equal(await guess('an', office, here, 'otp'), 'looked at');
  });

  it('does not count what nobody looked at', async () => {
    for (let nr = 0; nr < 20; nr++) {
      assert.ok((await here.allow('password', 'an', office)).allowed);
      await here.withdrawn('password', 'an', office);
    }
  });

  it('is unlocked by hand, everywhere and for every kind, and tells who is locked', async () => {
    await lock('an');
    await lock('an', '10.9.9.9');
    assert.deepEqual([...(await here.lockedOf(['an', 'binh']))], ['an']);
    assert.equal(await there.unlock('an'), 2);
    assert.equal(await there.unlock('an'), 0);
    assert.equal(await guess('an'), 'looked at');
    assert.equal((await here.lockedOf(['an'])).size, 0);
  });

  it('keeps neither names nor addresses, and nothing that is over', async () => {
    await guess('nguyen-van-an');
    const { rows } = await sql<{ line: string }>`select f::text as line from failure_count f`.execute(hub.db);
    assert.equal(rows.length, 3);
    for (const { line } of rows) assert.ok(!line.includes('nguyen') && !line.includes('10.1'));
    await passTime(721);
    assert.equal(await removeSettled(hub.db, 2), 2);
    assert.equal(await removeSettled(hub.db, 2), 1);
  });
});

describe('The network of an address', () => {
  it('is a /24 of IPv4 and a /56 of IPv6, however the address is written', () => {
    assert.equal(networkOf('10.1.2.3'), networkOf('::ffff:10.1.2.250'));
    assert.notEqual(networkOf('10.1.2.3'), networkOf('10.1.20.3'));
    assert.equal(networkOf('2001:db8:0:12ff::1'), networkOf('2001:DB8::12AB:0:0:0:9'));
    assert.notEqual(networkOf('2001:db8:0:1200::1'), networkOf('2001:db8:0:1300::1'));
    assert.equal(networkOf('::1'), networkOf('0:0:0:0:0:0:0:2'));
    assert.equal(networkOf('fe80::1%eth0'), networkOf('fe80::2'));
    assert.equal(networkOf('unknown'), 'unknown');
  });
});
