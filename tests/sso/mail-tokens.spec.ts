import assert from 'node:assert/strict';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import { createBrowse } from '#tests/sso/browse.ts';
import { askImap, startDovecot } from '#tests/sso/start-dovecot.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

const callback = 'http://webmail.test/callback';
const resource = 'urn:lienthong:app:mail';

describe('A token for the mailbox (RFC 7628 OAUTHBEARER, XOAUTH2)', () => {
  let signOn: SignOn;
  let person: Person;
  let address: string;
  /** The web client of mail, the mail server, and an app that is neither. */
  let webmail: oidc.Configuration;
  let server: oidc.Configuration;
  let portal: oidc.Configuration;

  const discover = async (appId: string, app: object = {}): Promise<oidc.Configuration> => {
    const { clientId, clientSecret } = await signOn.client(appId, { redirectUris: [callback] }, { app });
    return oidc.discovery(
      new URL(`${signOn.origin}/sso`),
      clientId,
      undefined,
      oidc.ClientSecretBasic(clientSecret),
      { execute: [oidc.allowInsecureRequests] },
    );
  };
  const getToken = async (config: oidc.Configuration, who = person): Promise<string> => {
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid',
      resource,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const browse = createBrowse([callback]);
    const page = await browse.open(url.href);
    const came = page.url.startsWith(callback)
      ? page
      : await browse.submit(page, { username: who.username, password: who.password });
    const tokens = await oidc.authorizationCodeGrant(
      config,
      new URL(came.url),
      { pkceCodeVerifier: verifier },
      { resource },
    );
    return tokens.access_token;
  };

  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire('Đỗ Thị Diệu');
    address = `${person.username}@tinh.example`;
    const addresses = [{ staffId: person.id, email: address }];
    await signOn.hub.call('staff.confirm-email', { addresses, source: 'mail' });
    // Mail owns the address; its entitlement need not name it.
    const mail = { entitlement: { purpose: 'test', attributes: ['name', 'username'] } };
    webmail = await discover('mail', mail);
    server = await discover('mail', mail);
    portal = await discover('portal');
  });
  after(() => signOn.stop());

  it('says nothing by itself, and tells the mail server whose mailbox it opens', async () => {
    const token = await getToken(webmail);
    assert.match(token, /^[\w-]{20,64}$/, 'opaque');
    const told = await oidc.tokenIntrospection(server, token);
    assert.equal(told.active, true);
    assert.equal(told.email, address);
    assert.equal(told.username, person.username);
    assert.equal(told.sub, person.id);
    assert.deepEqual([told.aud].flat(), [resource]);
  });

  it('is looked at alike where the address is written in capitals, which the library takes too', async () => {
    const token = await getToken(webmail);
    server[oidc.customFetch] = (url, init) => fetch(url.replace('/token/', '/Token/'), init as RequestInit);
    try {
      assert.equal((await oidc.tokenIntrospection(server, token)).email, address);
    } finally {
      delete server[oidc.customFetch];
    }
  });

  it('is worth nothing to the client of another app', async () => {
    const token = await getToken(webmail);
    assert.deepEqual(await oidc.tokenIntrospection(portal, token), { active: false });
  });

  it('is not given to the client of another app: it could read the mail of everybody who signs in to it', async () => {
    await assert.rejects(getToken(portal), { error: 'invalid_target' });
  });

  it('is nothing for the API', async () => {
    const token = await getToken(webmail);
    const answer = await fetch(`${signOn.origin}/api/v1/staff`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(answer.status, 401);
  });

  it('is worth nothing once the person has left', async () => {
    const leaver = await signOn.hire('Mai Văn Em');
    const token = await getToken(webmail, leaver);
    assert.equal((await oidc.tokenIntrospection(server, token)).active, true);
    await signOn.setStatus(leaver, 'left');
    assert.deepEqual(await oidc.tokenIntrospection(server, token), { active: false });
  });

  it('is worth nothing once the session has ended', async () => {
    const token = await getToken(webmail);
    await sql`delete from oidc_record where model = 'Session'`.execute(signOn.hub.db);
    assert.deepEqual(await oidc.tokenIntrospection(server, token), { active: false });
  });

  it('is worth nothing after five minutes', async () => {
    const token = await getToken(webmail);
    const { exp, iat } = await oidc.tokenIntrospection(server, token);
    assert.equal(exp! - iat!, 300);
    await sql`update oidc_record set expires_at = now() where model = 'AccessToken'`.execute(signOn.hub.db);
    assert.deepEqual(await oidc.tokenIntrospection(server, token), { active: false });
  });

  describe('at a real Dovecot with the sample configuration', () => {
    let dovecot: Awaited<ReturnType<typeof startDovecot>>;
    let port: number;
    before(async function () {
      // It starts as root only.
      if (process.getuid?.() !== 0) this.skip();
      port = await chooseFreePort();
      const client = await signOn.client('mail', { redirectUris: [callback] });
      dovecot = await startDovecot({ port, hubOrigin: signOn.origin, ...client });
    });
    after(() => dovecot?.stop());
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    /** RFC 7628 §3.1. */
    const bearer = (user: string, token: string): Promise<string> =>
      askImap(
        port,
        `AUTHENTICATE OAUTHBEARER ${encode(`n,a=${user},\x01host=localhost\x01port=143\x01auth=Bearer ${token}\x01\x01`)}`,
      );
    /** Before RFC 7628; what most clients still speak. */
    const xoauth2 = (user: string, token: string): Promise<string> =>
      askImap(port, `AUTHENTICATE XOAUTH2 ${encode(`user=${user}\x01auth=Bearer ${token}\x01\x01`)}`);

    it('opens the own mailbox by either mechanism', async () => {
      const token = await getToken(webmail);
      for (const answer of [await bearer(address, token), await xoauth2(address, token)])
        assert.match(answer, /^a1 OK .*Logged in$/);
    });

    it('opens neither the mailbox of another nor any by a token that is none', async () => {
      const token = await getToken(webmail);
      for (const answer of [
        await bearer('giam-doc@tinh.example', token),
        await bearer(address, 'invented'),
        await xoauth2('giam-doc@tinh.example', token),
      ])
        assert.doesNotMatch(answer, /^a1 OK/);
    });
  });
});
