import assert from 'node:assert/strict';
import { sql } from 'kysely';
import createApps from '#hub/apps/apps.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import createSso from '#sso/sso.service.ts';
import { newBrowser, registerApp } from '#tests/sso/open-apps.ts';
import { sessionsOf } from '#tests/sso/session-facts.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { createToldApps, hasFailed, isTold, type ToldApps, within } from '#tests/sso/told-apps.ts';
import { createTestHub } from '#tests/support/test-hub.ts';

describe('The word to apps that somebody left', () => {
  let signOn: SignOn;
  let told: ToldApps;
  let person: Person;
  before(async () => {
    signOn = await startSignOn();
    told = createToldApps(signOn);
  });
  after(async () => {
    await signOn.stop();
    await told.stop();
  });
  beforeEach(async () => {
    person = await signOn.hire();
  });
  const db = () => signOn.hub.db;

  it('holds up nobody when an app never answers', async () => {
    const dead = await told.newApp('never');
    const alive = await told.newApp();
    const colleagues = await Promise.all(Array.from({ length: 6 }, () => signOn.hire()));
    const leavers = [...colleagues, person];
    for (const one of leavers) {
      const browse = newBrowser();
      await dead.app.enter(browse, one);
      await alive.app.enter(browse, one);
    }
    for (const one of leavers) await signOn.setStatus(one, 'left');
    await waitUntil('all are told', () => alive.receiver.forAll.length === leavers.length, within);
    assert.deepEqual(
      new Set(alive.receiver.forAll.map(({ sub }) => sub)),
      new Set(leavers.map(({ id }) => id)),
    );
    assert.ok(dead.receiver.hanging <= 8, 'few at a time');
    const waiting = await told.notice(dead.app, person, 'the dead app is given time', hasFailed);
    assert.deepEqual([waiting.state, waiting.lastError], ['waiting', 'timed-out']);
  });

  it('waits for an app that is down, and tells it once when it is back', async () => {
    const { app, receiver } = await told.newApp(503);
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'left');
    const waiting = await told.notice(app, person, 'a first attempt', hasFailed);
    assert.deepEqual([waiting.state, waiting.attempts, waiting.lastError], ['waiting', 1, 'status-503']);
    assert.ok(waiting.dueAt > waiting.createdAt);
    receiver.answer = 200;
    await told.makeDue(person);
    const done = await told.notice(app, person, 'it is told', isTold);
    assert.deepEqual([done.attempts, done.lastError], [2, null]);
    await told.makeDue(person);
    assert.equal(receiver.forAll.length, 1);
  });

  it('gives an app up after three days, and says so', async () => {
    const { app } = await told.newApp(500);
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'left');
    await told.notice(app, person, 'a first attempt', hasFailed);
    await sql`update sign_out_notice set created_at = now() - interval '3 days' where staff_id = ${person.id}`.execute(
      db(),
    );
    await told.makeDue(person);
    const given = await told.notice(app, person, 'it is given up', ({ state }) => state === 'given-up');
    assert.equal(given.lastError, 'status-500');
  });

  it('follows no redirect: only the registered address is told', async () => {
    const { app, receiver } = await told.newApp(307);
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'left');
    const waiting = await told.notice(app, person, 'a first attempt', hasFailed);
    assert.equal(waiting.lastError, 'status-307');
    assert.deepEqual(receiver.forAll, []);
  });

  it('shows of an app without an address that it cannot be told', async () => {
    const app = await registerApp(signOn, 'deaf');
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'left');
    await told.notice(app, person, 'nothing is sent', ({ state }) => state === 'not-wanted');
  });

  it('goes on when the hub restarts in the middle: the rest is told, once', async () => {
    const early = await told.newApp();
    const late = await told.newApp(503);
    const next = await told.newApp();
    const browse = newBrowser();
    await early.app.enter(browse, person);
    await late.app.enter(browse, person);
    const colleague = await signOn.hire();
    await next.app.enter(newBrowser(), colleague);
    await signOn.setStatus(person, 'left');
    await told.notice(early.app, person, 'one is told', isTold);
    await told.notice(late.app, person, 'the other is down', hasFailed);
    const sso = signOn.hub.parts.find(({ name }) => name === 'sso')!;
    await sso.stop?.();
    // Nobody follows the log while this happens.
    await signOn.setStatus(colleague, 'left');
    late.receiver.answer = 200;
    await told.makeDue(person);
    assert.equal((await sessionsOf(db(), colleague.id))[0]!.endedAt, null);

    const { port, origin } = signOn.hub.context.config;
    const again = await createTestHub([createApps, createUnits, createStaff, createSso], {
      databaseUrl: signOn.hub.databaseUrl,
      config: { port, origin },
    });
    try {
      await told.notice(late.app, person, 'it is told by the new hub', isTold);
      await waitUntil('so is the app of who left meanwhile', () => next.receiver.forAll.length > 0, within);
      assert.equal((await sessionsOf(db(), colleague.id))[0]!.endReason, 'left');
      assert.deepEqual(
        [early, late, next].map(({ receiver }) => receiver.forAll.length),
        [1, 1, 1],
      );
    } finally {
      await again.stop();
    }
  });
});
