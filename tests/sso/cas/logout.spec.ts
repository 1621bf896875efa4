import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createCasLogout } from '#sso/cas/single-logout.ts';
import { type Browse, createBrowse } from '#tests/sso/browse.ts';
import { type CasApp, getTicket, startCasApp } from '#tests/sso/cas/start-cas-app.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('Signing out of CAS apps', () => {
  let signOn: SignOn;
  let person: Person;
  let app: CasApp;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    app = await startCasApp(signOn, 'documents');
  });
  after(async () => {
    await app.stop();
    await signOn.stop();
  });
  beforeEach(() => app.answerWith(200));

  /** Opens the app: a ticket, used. */
  const enter = async (browse: Browse): Promise<string> => {
    const ticket = await getTicket(signOn, browse, person, app.service);
    const { text } = await app.ask('serviceValidate', { service: app.service, ticket });
    assert.match(text, /authenticationSuccess/);
    return ticket;
  };
  const logouts = () =>
    app.heard.flatMap(({ method, path, form }) => {
      const request = form.get('logoutRequest');
      return method === 'POST' && path === '/app' && request !== null ? [request] : [];
    });
  const toldOf = (ticket: string) => logouts().filter(request => request.includes(`>${ticket}<`)).length;
  const uidOf = async (ticket: string): Promise<string> => {
    const { rows } = await sql<{ uid: string }>`
      select uid from cas_session where ticket_hash = sha256(${ticket}::bytea)`.execute(signOn.hub.db);
    return rows[0]!.uid;
  };

  it('tells each app, by the ticket that it knows its session by, and ends the sign-in', async () => {
    const browse = createBrowse([app.origin]);
    const [first, second] = [await enter(browse), await enter(browse)];
    const other = await enter(createBrowse([app.origin]));
    const page = await browse.open(`${signOn.origin}/cas/logout`);
    assert.equal(page.status, 200);
    await waitUntil('both sessions are told', () => toldOf(first) === 1 && toldOf(second) === 1, {
      withinMs: 20_000,
    });
    assert.equal(toldOf(other), 0, 'another browser stays signed in');
    const xml = logouts().find(request => request.includes(first))!;
    const { LogoutRequest } = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false }).parse(xml);
    assert.equal(LogoutRequest.SessionIndex, first);
    assert.equal(LogoutRequest['@_Version'], '2.0');
    const again = await browse.open(`${signOn.origin}/cas/login?service=${encodeURIComponent(app.service)}`);
    assert.match(again.text, /type="password"/);
  });

  it('tells an app of all sessions that a sign-in has there, however many they are', async () => {
    const browse = createBrowse([app.origin]);
    const ticket = await enter(browse);
    const uid = await uidOf(ticket);
    await sql`
      insert into cas_session (ticket_hash, uid, app_id, service, sealed_ticket, expires_at)
      select sha256((n || 'more')::bytea), uid, app_id, service, sealed_ticket, expires_at
      from cas_session, generate_series(1, 120) n where uid = ${uid}`.execute(signOn.hub.db);
    await browse.open(`${signOn.origin}/cas/logout`);
    await waitUntil('each is told', () => toldOf(ticket) === 121, { withinMs: 20_000 });
  });

  it('goes back to an address that is registered, and to no other', async () => {
    const browse = createBrowse([app.origin, 'http://evil.test']);
    for (const name of ['service', 'url']) {
      const back = await browse.open(
        `${signOn.origin}/cas/logout?${new URLSearchParams({ [name]: app.service })}`,
      );
      assert.equal(back.url, app.service);
    }
    const evil = await browse.open(`${signOn.origin}/cas/logout?service=http://evil.test/`);
    assert.equal(evil.status, 200);
    assert.match(evil.text, /<h1>/);
  });

  const tell = (uids: string[]) =>
    createCasLogout(signOn.hub.context)({
      staffId: person.id,
      clientId: `cas:${app.id}`,
      appId: app.id,
      sid: null,
      sids: [],
      detail: uids.map(uid => ({ uid })),
    });

  it('counts as told when the app redirects, and is not followed there', async () => {
    app.answerWith(302);
    const ticket = await enter(createBrowse([app.origin]));
    assert.equal(await tell([await uidOf(ticket)]), 'told');
    assert.equal(toldOf(ticket), 1);
  });

  it('fails when the app does not take it, and tells later only what is left', async () => {
    const tickets = [await enter(createBrowse([app.origin])), await enter(createBrowse([app.origin]))];
    const uids = await Promise.all(tickets.map(uidOf));
    app.answerWith(500);
    assert.deepEqual(await tell(uids), { failure: 'status-500' });
    app.answerWith(200);
    // A sign-in that is named twice is told once.
    assert.equal(await tell([...uids, ...uids]), 'told');
    assert.equal(await tell(uids), 'told');
    for (const ticket of tickets) assert.equal(toldOf(ticket), 2);
  });
});
