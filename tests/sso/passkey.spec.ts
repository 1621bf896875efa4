import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { CDPSession, Page } from 'playwright-core';
import { passkeyScriptPath } from '#sso/factors/passkey-script.ts';
import { trailOf } from '#tests/sso/authenticator.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { type SteppingParty, steppingParty } from '#tests/sso/stepping-party.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';

/** What pages of ours run with, beyond the types that Node has. */
interface PageWorld {
  document: {
    querySelector(selector: string): {
      dataset: Record<string, string>;
      elements: Record<string, { value: string }>;
      submit(): void;
    };
  };
  SimpleWebAuthnBrowser: { startAuthentication(asked: object): Promise<unknown> };
}

describe('A passkey in a real browser', () => {
  let signOn: SignOn;
  let guarded: SteppingParty;
  let browser: Browser;
  let page: Page;
  let device: CDPSession;
  let person: Person;
  let authenticatorId: string;
  let home: string;
  const failures: string[] = [];
  before(async () => {
    signOn = await startSignOn({ host: 'localhost' });
    // A browser goes where it is led: some page that is there.
    home = `${signOn.origin}/healthz`;
    const app = { signOn: { secondFactor: true } };
    guarded = await steppingParty(signOn, 'portal', { app, redirectUri: home });
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.on('console', message => {
      if (message.text().includes('Content Security Policy')) failures.push(message.text());
    });
    device = await browser.context.newCDPSession(page);
    await device.send('WebAuthn.enable');
  });
  after(async () => {
    await browser.close();
    await signOn.stop();
  });
  beforeEach(async () => {
    ({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    }));
    await browser.context.clearCookies();
    person = await signOn.hire();
  });
  afterEach(() => device.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }));

  const scriptRan = () => page.waitForFunction(() => 'SimpleWebAuthnBrowser' in globalThis);
  const toFactor = async (): Promise<void> => {
    await browser.context.clearCookies();
    await page.goto(await guarded.begin());
    await page.fill('#username', person.username);
    await page.fill('#password', person.password);
    await page.click('button[type=submit]');
    await scriptRan();
  };
  const enrol = async (): Promise<void> => {
    await toFactor();
    await page.fill('#passkey-name', 'Máy cơ quan');
    await page.click('form[data-passkey=add] button');
    await page.getByRole('button', { name: 'Tôi đã cất mã' }).click();
    await page.waitForURL(`${home}**`);
  };
  /** Signs for a challenge, and sends that with the form of a sign-in, whose challenge may be another. */
  const sign = (challenge?: string): Promise<string> =>
    page.evaluate(async other => {
      const { document, SimpleWebAuthnBrowser } = globalThis as unknown as PageWorld;
      const options = JSON.parse(document.querySelector('form[data-passkey]').dataset.options!);
      const optionsJSON = { ...options, challenge: other ?? options.challenge };
      return JSON.stringify(await SimpleWebAuthnBrowser.startAuthentication({ optionsJSON }));
    }, challenge);
  const send = async (response: string): Promise<number> => {
    const [answer] = await Promise.all([
      page.waitForResponse(came => came.request().method() === 'POST'),
      page.evaluate(signed => {
        const { document } = globalThis as unknown as PageWorld;
        const form = document.querySelector('form[data-passkey]');
        form.elements.response!.value = signed;
        form.submit();
      }, response),
    ]);
    await (answer.status() === 422 ? scriptRan() : page.waitForURL(`${home}**`));
    return answer.status();
  };
  const challengeHere = (): Promise<string> =>
    page.evaluate(() => {
      const { document } = globalThis as unknown as PageWorld;
      return JSON.parse(document.querySelector('form[data-passkey]').dataset.options!).challenge as string;
    });

  it('is made during the sign-in that needs it, and signs the next one in', async () => {
    await enrol();
    const made = await guarded.claims({ url: page.url(), status: 200, text: '', headers: new Headers() });
    assert.deepEqual(made.amr, ['pwd', 'hwk']);
    await toFactor();
    await page.click('form[data-passkey=use] button');
    await page.waitForURL(`${home}**`);
    const used = await guarded.claims({ url: page.url(), status: 200, text: '', headers: new Headers() });
    assert.deepEqual(used.amr, ['pwd', 'hwk']);
    assert.equal(used.acr, 'urn:lienthong:acr:second-factor');
    const { rows } = await sql<{ name: string; counter: string }>`
      select name, counter from factor where staff_id = ${person.id}`.execute(signOn.hub.db);
    assert.equal(rows[0]!.name, 'Máy cơ quan');
    assert.ok(Number(rows[0]!.counter) > 1);
    assert.deepEqual(failures, [], 'nothing on the pages runs against their policy');
  });

  it('is refused when it signed for another sign-in, or when a copy of it signs', async () => {
    await enrol();
    await toFactor();
    const earlier = await sign();
    const challenge = await challengeHere();
    await toFactor();
    assert.notEqual(await challengeHere(), challenge);
    assert.equal(await send(earlier), 422);
    assert.equal(await send(await sign(Buffer.from('made by somebody else').toString('base64url'))), 422);
    await sql`update factor set counter = 1000 where staff_id = ${person.id}`.execute(signOn.hub.db);
    assert.equal(await send(await sign()), 422);
    await sql`update factor set counter = 1 where staff_id = ${person.id}`.execute(signOn.hub.db);
    assert.equal(await send(await sign()), 303);
    const kinds = (await trailOf(signOn, person)).filter(({ action }) => action === 'factor.refused');
    assert.equal(kinds.length, 3);
  });

  it('is refused when it signed on a page of another origin', async () => {
    await enrol();
    await toFactor();
    const challenge = await challengeHere();
    const [here, form, script] = [
      page.url(),
      await page
        .locator('form[data-passkey]')
        .evaluate(one => (one as unknown as { outerHTML: string }).outerHTML),
      await (await fetch(`${signOn.origin}${passkeyScriptPath}`)).text(),
    ];
    const elsewhere = `http://localhost:${await chooseFreePort()}/`;
    await browser.context.route(`${elsewhere}**`, route =>
      route.fulfill({ contentType: 'text/html', body: form }),
    );
    await page.goto(elsewhere);
    await page.addScriptTag({ content: script });
    const stolen = await sign(challenge);
    await page.goto(here);
    await scriptRan();
    assert.equal(await challengeHere(), challenge);
    assert.equal(await send(stolen), 422);
    assert.equal(await send(await sign()), 303);
  });

  it('is not made where the device does not ask for a finger, a face or a PIN', async () => {
    await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await toFactor();
    await page.click('form[data-passkey=add] button');
    await page.waitForSelector('form[data-passkey=add] [data-failed]:not([hidden])');
    const { rows } = await sql`select 1 from factor where staff_id = ${person.id}`.execute(signOn.hub.db);
    assert.equal(rows.length, 0);
  });
});
