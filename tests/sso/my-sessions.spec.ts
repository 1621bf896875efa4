import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Browse, Visit } from '#tests/sso/browse.ts';
import { type LogoutReceiver, startLogoutReceiver } from '#tests/sso/logout-receiver.ts';
import { newBrowser, type OpenedByOpenId, registerApp } from '#tests/sso/open-apps.ts';
import { noticesOf, sessionsOf } from '#tests/sso/session-facts.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { getToken } from '#tests/support/get-token.ts';

const within = { withinMs: 30_000 };

describe('Ending sessions', () => {
  let signOn: SignOn;
  let portal: OpenedByOpenId;
  let receiver: LogoutReceiver;
  let person: Person;
  before(async () => {
    signOn = await startSignOn();
    receiver = await startLogoutReceiver(signOn.origin);
    portal = await registerApp(signOn, 'portal', { backchannelLogoutUri: receiver.uri });
  });
  after(async () => {
    await signOn.stop();
    await receiver.stop();
  });
  beforeEach(async () => {
    person = await signOn.hire();
    receiver.taken.length = 0;
    receiver.forAll.length = 0;
  });
  const mySessions = (browse: Browse): Promise<Visit> => browse.open(`${signOn.origin}/sso/my/sessions`);
  const isSignedIn = async (browse: Browse): Promise<boolean> =>
    !(await mySessions(browse)).text.includes('name="password"');
  const reasons = async (): Promise<unknown[]> =>
    (await sessionsOf(signOn.hub.db, person.id)).map(({ endReason }) => endReason);

  /** Signs in, with the session as the app knows it. */
  const enter = async (): Promise<{ browse: Browse; sid: string; uid: string }> => {
    const browse = newBrowser();
    const sid = String((await portal.enter(browse, person)).claims()!.sid);
    const { uid } = (await sessionsOf(signOn.hub.db, person.id))[0]!;
    return { browse, sid, uid };
  };

  it('shows each of mine: where from, with what, which apps', async () => {
    const { browse } = await enter();
    const { text } = await mySessions(browse);
    for (const words of ['Firefox', 'Linux', 'Ứng dụng portal', '127.0.0.x', 'trình duyệt này'])
      assert.ok(text.includes(words), words);
    assert.ok(!text.includes('127.0.0.1'));
  });

  it('of one: the app is told which, the others go on', async () => {
    const [here, there] = [await enter(), await enter()];
    await here.browse.submit(await mySessions(here.browse), { end: there.uid });
    assert.ok(await isSignedIn(here.browse));
    assert.ok(!(await isSignedIn(there.browse)));
    await waitUntil('the app is told', () => receiver.taken.length === 1, within);
    assert.deepEqual([receiver.taken[0]!.sub, receiver.taken[0]!.sid], [person.id, there.sid]);
    assert.deepEqual(await reasons(), [null, 'revoked']);
  });

  it('of all others leaves this one', async () => {
    const [one, two, here] = [await enter(), await enter(), await enter()];
    await here.browse.submit(await mySessions(here.browse), { end: 'others' });
    assert.ok(await isSignedIn(here.browse));
    await waitUntil('the app is told', () => receiver.taken.length === 2, within);
    assert.deepEqual(receiver.taken.map(({ sid }) => sid).sort(), [one.sid, two.sid].sort());
  });

  it('of everything: one word to the app, without a session', async () => {
    const [here, there] = [await enter(), await enter()];
    const bye = await here.browse.submit(await mySessions(here.browse), { end: 'all' });
    assert.match(bye.url, /\/sso\/session\/end\/success$/);
    assert.ok(!(await isSignedIn(here.browse)) && !(await isSignedIn(there.browse)));
    await waitUntil('the app is told', () => receiver.forAll.length === 1, within);
    assert.ok(!('sid' in receiver.forAll[0]!));
    assert.equal((await noticesOf(signOn.hub.db, person.id)).length, 1);
  });

  it('of somebody else is not possible', async () => {
    const colleague = await signOn.hire('Trần Thị Bình');
    const theirs = newBrowser();
    await portal.open(theirs, colleague);
    const { uid } = (await sessionsOf(signOn.hub.db, colleague.id))[0]!;
    const { browse } = await enter();
    await browse.submit(await mySessions(browse), { end: uid });
    assert.ok(await isSignedIn(theirs));
    const forged = await theirs.submit(await mySessions(browse), { end: 'all' });
    assert.equal(forged.status, 400);
    assert.ok(await isSignedIn(theirs));
  });

  it('of one app, when the person leaves only that: the session goes on', async () => {
    const { browse, sid } = await enter();
    const page = await browse.open(`${signOn.origin}/sso/session/end?client_id=${portal.clientId}`);
    await browse.submit(page, {});
    await waitUntil('the app is told', () => receiver.taken.length === 1, within);
    assert.equal(receiver.taken[0]!.sid, sid);
    assert.ok(await isSignedIn(browse));
    await portal.enter(browse, person);
    const [session] = await sessionsOf(signOn.hub.db, person.id);
    assert.deepEqual([session!.endedAt, session!.apps.length], [null, 1]);
  });

  describe('by the IT centre', () => {
    let admin: Record<string, string>;
    before(async () => {
      const token = await getToken({ call: signOn.hub.call, origin: signOn.origin }, undefined, ['admin']);
      admin = { authorization: `Bearer ${token}` };
    });
    const ask = async (method: string, what: string, id = person.id) => {
      const answer = await fetch(`${signOn.origin}/api/v1/staff/${id}/${what}`, { method, headers: admin });
      return {
        status: answer.status,
        body: (await answer.json()) as { items: Record<string, unknown>[]; ended: number },
      };
    };

    it('signs a person out everywhere, and shows which apps know', async () => {
      const { browse } = await enter();
      const before = await ask('GET', 'sessions');
      assert.deepEqual([before.body.items.length, before.body.items[0]!.endedAt], [1, null]);
      assert.equal((await ask('DELETE', 'sessions')).body.ended, 1);
      assert.ok(!(await isSignedIn(browse)));
      const told = await waitUntil(
        'the app is told',
        async () => (await ask('GET', 'sign-outs')).body.items.find(({ state }) => state === 'told'),
        within,
      );
      assert.deepEqual(
        [told.clientId, told.appId, told.sessionId, told.reason],
        [portal.clientId, 'portal', null, 'revoked'],
      );
      assert.equal((await ask('GET', 'sessions')).body.items[0]!.endReason, 'revoked');
      assert.equal((await ask('DELETE', 'sessions')).body.ended, 0);
    });

    it('knows who is nobody, and hears nobody without the scope', async () => {
      assert.equal((await ask('GET', 'sessions', crypto.randomUUID())).status, 404);
      admin = {};
      assert.equal((await ask('DELETE', 'sessions')).status, 401);
    });
  });
});
