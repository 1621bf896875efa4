import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { sql } from 'kysely';
import { createBrowse } from '#tests/sso/browse.ts';
import { type CasApp, getTicket, loginUrl, startCasApp } from '#tests/sso/cas/start-cas-app.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('A CAS ticket', () => {
  let signOn: SignOn;
  let person: Person;
  let app: CasApp;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    app = await startCasApp(signOn, 'documents', {
      services: origin => [`${origin}/app`, `${origin}/more/*`],
    });
  });
  after(async () => {
    await app.stop();
    await signOn.stop();
  });
  const browser = () => createBrowse([app.origin]);
  const ticketFor = (service = app.service, browse = browser(), more: Record<string, string> = {}) =>
    getTicket(signOn, browse, person, service, more);
  const validate = (ticket: string, service = app.service, more: Record<string, string> = {}) =>
    app.ask('p3/serviceValidate', { service, ticket, ...more });
  const failure = (code: string) => new RegExp(`<cas:authenticationFailure code="${code}">`);

  it('tells the app who it is, with the attributes of its entitlement and no others', async () => {
    const ticket = await ticketFor();
    assert.match(ticket, /^ST-[a-z0-9]{50}$/);
    const { text, type } = await validate(ticket);
    assert.match(type, /^application\/xml/);
    assert.equal(XMLValidator.validate(text), true);
    const { serviceResponse } = new XMLParser({ removeNSPrefix: true, parseTagValue: false }).parse(text);
    const { user, attributes } = serviceResponse.authenticationSuccess;
    assert.equal(user, person.username);
    const { authenticationDate, ...told } = attributes;
    assert.ok(Math.abs(Date.now() - Date.parse(authenticationDate)) < 60_000);
    assert.deepEqual(told, {
      isFromNewLogin: 'true',
      longTermAuthenticationRequestTokenUsed: 'false',
      sub: person.id,
      name: person.name,
      preferred_username: person.username,
      staff_code: person.code,
    });
  });

  it('tells the same in JSON, and the name alone at the addresses of CAS 1 and 2', async () => {
    const browse = browser();
    const json = await validate(await ticketFor(app.service, browse), app.service, { format: 'JSON' });
    assert.match(json.type, /^application\/json/);
    const { authenticationSuccess } = JSON.parse(json.text).serviceResponse;
    assert.equal(authenticationSuccess.user, person.username);
    assert.equal(authenticationSuccess.attributes.staff_code, person.code);
    const { service } = app;
    const second = await app.ask('serviceValidate', { service, ticket: await ticketFor(service, browse) });
    assert.match(second.text, new RegExp(`<cas:user>${person.username}</cas:user>`));
    assert.doesNotMatch(second.text, /cas:attributes/);
    const first = await app.ask('validate', { service, ticket: await ticketFor(service, browse) });
    assert.equal(first.text, `yes\n${person.username}\n`);
    assert.equal((await app.ask('validate', { service, ticket: 'ST-0' })).text, 'no\n');
    const refused = await app.ask('serviceValidate', { service, ticket: 'ST-0', format: 'JSON' });
    assert.equal(JSON.parse(refused.text).serviceResponse.authenticationFailure.code, 'INVALID_TICKET');
  });

  it('works once', async () => {
    const ticket = await ticketFor();
    assert.match((await validate(ticket)).text, /authenticationSuccess/);
    const { text } = await validate(ticket);
    assert.match(text, failure('INVALID_TICKET'));
    assert.equal(XMLValidator.validate(text), true);
    const { serviceResponse } = new XMLParser({ removeNSPrefix: true }).parse(text);
    assert.match(serviceResponse.authenticationFailure, /^Không có vé này/);
  });

  it('works once of many questions at the same moment', async () => {
    const ticket = await ticketFor();
    const answers = await Promise.all(Array.from({ length: 12 }, () => validate(ticket)));
    assert.equal(answers.filter(({ text }) => text.includes('authenticationSuccess')).length, 1);
  });

  it('is only good for the service exactly as sent, and gone after a wrong one', async () => {
    const browse = browser();
    const service = `${app.origin}/more/a?q=Hu%E1%BA%BF+x&b=1`;
    const ticket = await ticketFor(service, browse);
    const wrong = await validate(ticket, `${app.origin}/more/a?q=Hu%E1%BA%BF%20x&b=1`);
    assert.match(wrong.text, failure('INVALID_SERVICE'));
    assert.match((await validate(ticket, service)).text, failure('INVALID_TICKET'));
    assert.match((await validate(await ticketFor(service, browse), service)).text, /authenticationSuccess/);
  });

  it('expires', async () => {
    const ticket = await ticketFor();
    const { rows } = await sql<{ seconds: number }>`
      select extract(epoch from expires_at - now())::float8 as seconds from cas_ticket`.execute(
      signOn.hub.db,
    );
    assert.ok(rows.every(({ seconds }) => seconds <= 30));
    await sql`update cas_ticket set expires_at = now() - interval '1 millisecond'`.execute(signOn.hub.db);
    assert.match((await validate(ticket)).text, failure('INVALID_TICKET'));
  });

  it('is nowhere in the database', async () => {
    const ticket = await ticketFor();
    const { rows } = await sql<{ text: string }>`select cas_ticket::text as text from cas_ticket`.execute(
      signOn.hub.db,
    );
    assert.ok(rows.length > 0);
    assert.ok(rows.every(({ text }) => !text.includes(ticket)));
    await validate(ticket);
    const after = await sql<{ text: string }>`select cas_session::text as text from cas_session`.execute(
      signOn.hub.db,
    );
    assert.ok(after.rows.every(({ text }) => !text.includes(ticket)));
  });

  it('needs both parameters, once each', async () => {
    for (const query of ['', 'service=x', 'ticket=x', 'service=x&ticket=a&ticket=b', 'service=&ticket=']) {
      const answer = await fetch(`${signOn.origin}/cas/serviceValidate?${query}`);
      assert.match(await answer.text(), failure('INVALID_REQUEST'), query);
    }
  });

  it('is answered in the language of CAS when we fail: a program reads no page', async () => {
    const rename = (from: string, to: string) =>
      sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(signOn.hub.db);
    await rename('cas_ticket', 'away');
    const { status, text } = await validate('ST-0');
    await rename('away', 'cas_ticket');
    assert.equal(status, 503);
    assert.match(text, failure('INTERNAL_ERROR'));
  });

  it('is worth nothing once the person is out: left, or signed out', async () => {
    const leaver = await signOn.hire('Trần Thị Bình');
    const ticket = await getTicket(signOn, browser(), leaver, app.service);
    await signOn.setStatus(leaver, 'left');
    assert.match((await validate(ticket)).text, failure('INVALID_TICKET'));

    const browse = browser();
    const early = await ticketFor(app.service, browse);
    await browse.open(`${signOn.origin}/cas/logout`);
    assert.match((await validate(early)).text, failure('INVALID_TICKET'));
    const left =
      await sql`select 1 from cas_session where app_id = 'documents' and ticket_hash = sha256(${early}::bytea)`.execute(
        signOn.hub.db,
      );
    assert.equal(left.rows.length, 0, 'no session to tell of');
  });

  it('asks for the password again with renew, and an app can insist on that when it validates', async () => {
    const browse = browser();
    await ticketFor(app.service, browse);
    const second = await ticketFor(app.service, browse);
    assert.match(
      (await validate(second, app.service, { renew: 'true' })).text,
      failure('INVALID_TICKET_SPEC'),
    );
    // The provider counts in seconds.
    await sql`
      update oidc_record set payload = payload || jsonb_build_object('loginTs', (payload->>'loginTs')::int - 60)
      where model = 'Session'`.execute(signOn.hub.db);
    const page = await browse.open(loginUrl(signOn, app.service, { renew: 'true' }));
    assert.equal(page.status, 200);
    assert.match(page.text, /type="password"/);
    const { username, password } = person;
    const came = await browse.submit(page, { username, password });
    const renewed = new URL(came.url).searchParams.get('ticket')!;
    const { text } = await validate(renewed, app.service, { renew: 'true' });
    assert.match(text, /<cas:isFromNewLogin>true</);
  });

  it('is given by gateway to who is signed in; others come back without one and see no page', async () => {
    const browse = browser();
    const stranger = await browse.open(loginUrl(signOn, app.service, { gateway: 'true' }));
    assert.equal(stranger.url, app.service);
    await ticketFor(app.service, browse);
    const known = await browse.open(loginUrl(signOn, app.service, { gateway: 'true' }));
    assert.match(known.url, /\?ticket=ST-/);
  });

  it('goes in a form when the app says method=POST, to that app alone', async () => {
    const browse = browser();
    await ticketFor(app.service, browse);
    const page = await browse.open(loginUrl(signOn, app.service, { method: 'POST' }));
    assert.equal(page.status, 200);
    assert.match(
      page.headers.get('content-security-policy')!,
      new RegExp(`form-action 'self' ${app.origin}$`),
    );
    assert.ok(page.text.includes(`action="${app.service}"`));
    const ticket = /name="ticket" value="(ST-[^"]+)"/.exec(page.text)![1]!;
    assert.match((await validate(ticket)).text, /authenticationSuccess/);
    const script = await fetch(new URL(/<script src="([^"]+)"/.exec(page.text)![1]!, signOn.origin));
    assert.match(script.headers.get('content-type')!, /javascript/);
  });

  it('cannot be forged by a name: what is XML in it arrives as text', async () => {
    const name = 'Nguyễn </cas:user><cas:user>"admin"&amp; \u0001]]>';
    const odd = await signOn.hire();
    await sql`update staff set name = ${name} where id = ${odd.id}`.execute(signOn.hub.db);
    const { text } = await validate(await getTicket(signOn, browser(), odd, app.service));
    assert.equal(XMLValidator.validate(text), true);
    const { authenticationSuccess } = new XMLParser({ removeNSPrefix: true, parseTagValue: false }).parse(
      text,
    ).serviceResponse;
    assert.equal(authenticationSuccess.user, odd.username);
    assert.equal(authenticationSuccess.attributes.name, name.replace('\u0001', ''));
  });
});
