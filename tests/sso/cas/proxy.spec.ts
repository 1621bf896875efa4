import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { createBrowse } from '#tests/sso/browse.ts';
import { type CasApp, getTicket, startCasApp } from '#tests/sso/cas/start-cas-app.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('A CAS app that acts for people at another', () => {
  let signOn: SignOn;
  let person: Person;
  let front: CasApp;
  let back: CasApp;
  let last: CasApp;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    front = await startCasApp(signOn, 'front');
    back = await startCasApp(signOn, 'back', { attributes: ['username'] });
    last = await startCasApp(signOn, 'last');
  });
  after(async () => {
    for (const app of [front, back, last]) await app.stop();
    await signOn.stop();
  });
  const text = (pattern: RegExp, xml: string): string => {
    const found = pattern.exec(xml)?.[1];
    assert.ok(found, xml);
    return found;
  };
  const browser = () => createBrowse([front.origin]);
  /** The proxy-granting ticket of an app, by the way of its callback. */
  const takePgt = async (app: CasApp, path: string, query: Record<string, string>): Promise<string> => {
    const pgtUrl = `${app.origin}/pgt?kept=1`;
    const answer = await app.ask(path, { ...query, pgtUrl });
    const iou = text(/<cas:proxyGrantingTicket>(PGTIOU-[a-z0-9]+)</, answer.text);
    const call = app.heard.find(({ query: told }) => told.get('pgtIou') === iou)!;
    assert.equal(call.path, '/pgt');
    assert.equal(call.query.get('kept'), '1');
    const pgt = call.query.get('pgtId')!;
    assert.ok(pgt.startsWith('PGT-') && pgt.length <= 64);
    assert.ok(!answer.text.includes(pgt));
    return pgt;
  };
  const frontPgt = async (browse = browser()): Promise<string> => {
    const ticket = await getTicket(signOn, browse, person, front.service);
    return takePgt(front, 'p3/serviceValidate', { service: front.service, ticket });
  };
  const proxy = async (pgt: string, targetService: string) =>
    (await front.ask('proxy', { pgt, targetService })).text;
  const proxyTicket = async (pgt: string, targetService: string): Promise<string> =>
    text(/<cas:proxyTicket>(PT-[a-z0-9]+)</, await proxy(pgt, targetService));

  it('gets tickets that tell the whole way, the last app first', async () => {
    const pgt = await frontPgt();
    const ticket = await proxyTicket(pgt, back.service);
    const next = await takePgt(back, 'proxyValidate', { service: back.service, ticket });
    const third = await proxyTicket(next, last.service);
    const query = { service: last.service, ticket: third };
    const answer = (await last.ask('p3/proxyValidate', query)).text;
    assert.match(answer, new RegExp(`<cas:user>${person.username}<`));
    assert.deepEqual(
      [...answer.matchAll(/<cas:proxy>([^<]+)</g)].map(([, url]) => url),
      [`${back.origin}/pgt?kept=1`, `${front.origin}/pgt?kept=1`],
    );
    assert.match((await last.ask('proxyValidate', query)).text, /INVALID_TICKET/);
  });

  it('is told to the other app by the other app’s entitlement', async () => {
    const ticket = await proxyTicket(await frontPgt(), back.service);
    const { text: answer } = await back.ask('p3/proxyValidate', {
      service: back.service,
      ticket,
      format: 'JSON',
    });
    const { attributes, proxies } = JSON.parse(answer).serviceResponse.authenticationSuccess;
    assert.equal(attributes.name, undefined);
    assert.equal(attributes.preferred_username, person.username);
    assert.equal(attributes.isFromNewLogin, 'false');
    assert.deepEqual(proxies, [`${front.origin}/pgt?kept=1`]);
  });

  it('is not taken by an app that asks for people themselves', async () => {
    const ticket = await proxyTicket(await frontPgt(), back.service);
    const { text: answer } = await back.ask('serviceValidate', { service: back.service, ticket });
    assert.match(answer, /code="INVALID_TICKET_SPEC"/);
  });

  it('must take the ticket at a host of its own: no other is called', async () => {
    for (const pgtUrl of [
      `${back.origin}/pgt`,
      'http://127.0.0.1:1/',
      'https://evil.test/pgt',
      'file:///x',
    ]) {
      const calls = back.heard.length;
      const ticket = await getTicket(signOn, browser(), person, front.service);
      const { text: answer } = await front.ask('serviceValidate', { service: front.service, ticket, pgtUrl });
      assert.match(answer, /code="INVALID_PROXY_CALLBACK"/, pgtUrl);
      assert.equal(back.heard.length, calls);
    }
  });

  it('gets none, but the answer, when its callback does not take it', async () => {
    front.answerWith(302);
    const ticket = await getTicket(signOn, browser(), person, front.service);
    const { text: answer } = await front.ask('serviceValidate', {
      service: front.service,
      ticket,
      pgtUrl: `${front.origin}/pgt`,
    });
    front.answerWith(200);
    assert.match(answer, /authenticationSuccess/);
    assert.doesNotMatch(answer, /proxyGrantingTicket/);
    const pgt = front.heard.at(-1)!.query.get('pgtId')!;
    assert.match(await proxy(pgt, back.service), /code="INVALID_TICKET"/);
  });

  it('is refused what it may not have', async () => {
    const pgt = await frontPgt();
    assert.match(await proxy(pgt, 'http://evil.test/'), /proxyFailure code="UNAUTHORIZED_SERVICE"/);
    assert.match(await proxy('PGT-0', back.service), /proxyFailure code="INVALID_TICKET"/);
    assert.match((await front.ask('proxy', { pgt })).text, /proxyFailure code="INVALID_REQUEST"/);
    const put = (app: object) => signOn.hub.call('apps.put', { app: { id: back.id, ...app }, actor: 'test' });
    await put({ enabled: false });
    assert.match(await proxy(pgt, back.service), /UNAUTHORIZED_SERVICE/);
    await put({ enabled: true, signOn: { cas: { services: [back.service] }, secondFactor: true } });
    assert.match(await proxy(pgt, back.service), /UNAUTHORIZED_SERVICE/, 'a second factor was not shown');
    await put({ signOn: { cas: { services: [back.service] } } });
    assert.match(await proxy(pgt, back.service), /proxySuccess/);
  });

  it('can do so no longer than the person is signed in', async () => {
    const browse = browser();
    const pgt = await frontPgt(browse);
    await browse.open(`${signOn.origin}/cas/logout`);
    assert.match(await proxy(pgt, back.service), /INVALID_TICKET/);
  });

  it('does not bring people from the Internet to an app that is not opened there', async () => {
    const inner = await startCasApp(signOn, 'inner');
    const open = await startCasApp(signOn, 'open', { more: { internet: true } });
    const somebody = await signOn.hire();
    const ticket = await getTicket(signOn, createBrowse([open.origin]), somebody, open.service);
    await open.ask('serviceValidate', { service: open.service, ticket, pgtUrl: `${open.origin}/pgt` });
    const pgt = open.heard.at(-1)!.query.get('pgtId')!;
    // As if the sign-in had begun there: a proxy has no browser whose zone could be looked at.
    await sql`update cas_ticket set zone = 'internet', amr = '{pwd,otp}' where kind = 'PGT'`.execute(
      signOn.hub.db,
    );
    const mayComeFromInternet = (may: boolean) =>
      signOn.hub.call('sso.set-roles', {
        staffId: somebody.id,
        roles: may ? ['internet'] : [],
        actor: 'test',
      });
    const ask = async ({ service }: CasApp) =>
      (await open.ask('proxy', { pgt, targetService: service })).text;
    await mayComeFromInternet(true);
    assert.match(await ask(inner), /UNAUTHORIZED_SERVICE/);
    assert.match(await ask(open), /proxySuccess/);
    await mayComeFromInternet(false);
    assert.match(await ask(open), /UNAUTHORIZED_SERVICE/, 'the right was taken away');
    await mayComeFromInternet(true);
    assert.match(await ask(open), /proxySuccess/);
    await signOn.hub.call('apps.put', {
      app: { id: open.id, signOn: { cas: { services: [open.service] } } },
      actor: 'test',
    });
    assert.match(await ask(open), /UNAUTHORIZED_SERVICE/, 'the app is no longer opened there');
    await open.stop();
    await inner.stop();
  });
});
