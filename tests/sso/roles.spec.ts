import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { createRelyingParty, newBrowser } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { getToken } from '#tests/support/get-token.ts';

describe('What the IT centre gives people and takes from them', () => {
  let signOn: SignOn;
  let person: Person;
  let token: string;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    token = await getToken({ call: signOn.hub.call, origin: signOn.origin }, undefined, ['admin']);
  });
  after(() => signOn.stop());

  const ask = (method: string, path: string, body?: object) =>
    fetch(`${signOn.origin}/api/v1/staff/${person.id}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  /** By which request a thing was done to them, as the trail has it. */
  const requestOf = async (action: string): Promise<string | null> => {
    const { rows } = await sql<{ requestId: string | null }>`
      select request_id as "requestId" from audit
      where action = ${action} and object = ${`staff/${person.id}`}`.execute(signOn.hub.db);
    assert.equal(rows.length, 1, action);
    return rows[0]!.requestId;
  };

  it('are roles, known ones only, seen and written down in the trail', async () => {
    assert.deepEqual(await (await ask('GET', 'roles')).json(), { roles: [] });
    const set = await ask('PUT', 'roles', { roles: ['clerk', 'internet'] });
    assert.deepEqual(await set.json(), { roles: ['clerk', 'internet'] });
    assert.equal((await ask('PUT', 'roles', { roles: ['king'] })).status, 400);
    assert.deepEqual(await (await ask('GET', 'roles')).json(), { roles: ['clerk', 'internet'] });
    assert.ok((await requestOf('roles.set')) !== null);
  });

  it('are second factors that somebody has lost, and with them every session: the finder may hold one', async () => {
    const telephone = newBrowser();
    await (await createRelyingParty(signOn, 'portal')).signIn(telephone, person);
    assert.equal((await ask('DELETE', 'factors')).status, 204);
    assert.match((await telephone.open(`${signOn.origin}/`)).text, /name="password"/);
    for (const action of ['factor.removed', 'sessions.ended']) assert.ok((await requestOf(action)) !== null);
  });

  it('is nothing of nobody', async () => {
    const nobody = `${signOn.origin}/api/v1/staff/00000000-0000-4000-8000-000000000000/roles`;
    assert.equal((await fetch(nobody, { headers: { authorization: `Bearer ${token}` } })).status, 404);
  });

  it('ends all other sessions of a person who chooses a new password, and leaves the one in which they did', async () => {
    const app = await createRelyingParty(signOn, 'mail');
    const [desk, telephone] = [newBrowser(), newBrowser()];
    await app.signIn(desk, person);
    await app.signIn(telephone, person);
    const page = await desk.open(`${signOn.origin}/sso/my/password`);
    const next = 'Khác hẳn 27#';
    const done = await desk.submit(page, { current: person.password, password: next, repeated: next });
    assert.equal(done.status, 200, done.text);
    assert.match((await telephone.open(`${signOn.origin}/`)).text, /name="password"/);
    assert.doesNotMatch((await desk.open(`${signOn.origin}/`)).text, /name="password"/);
  });

  it('ends every session of a person who is given a password', async () => {
    const someone = await signOn.hire('Trần Thị Bình');
    const desk = newBrowser();
    await (await createRelyingParty(signOn, 'directives')).signIn(desk, someone);
    await signOn.hub.call('sso.set-password', { staffId: someone.id, password: 'Tạm 38#', actor: 'test' });
    assert.match((await desk.open(`${signOn.origin}/`)).text, /name="password"/);
  });
});
