import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import createIntake from '#hub/intake/intake.service.ts';
import createScim from '#hub/scim/scim.service.ts';
import { scopes as apiScopes } from '#schemas/app.ts';
import { read } from '#tests/http/start-edge.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { createRelyingParty, type RelyingParty } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('A person at the API of the hub', () => {
  let signOn: SignOn;
  let admin: Person;
  let other: Person;
  let program: RelyingParty;
  before(async () => {
    signOn = await startSignOn({ parts: [createIntake, createScim] });
    admin = await signOn.hire('Trần Thị Bình');
    other = await signOn.hire('Lê Văn Cường');
    await signOn.hub.call('sso.set-roles', { staffId: admin.id, roles: ['it-centre'], actor: 'test' });
    program = await createRelyingParty(signOn, 'tools', {}, { scopes: [...apiScopes] });
  });
  after(() => signOn.stop());

  const tokensOf = (person: Person, options?: oidc.DPoPOptions) =>
    program.signIn(
      createBrowse(['http://app.test/']),
      person,
      { scope: 'openid admin hr.read', resource: signOn.origin },
      options,
    );
  const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(signOn.origin + path, { ...init, headers: { 'content-type': 'application/json', ...headers } });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const app = (name: string) =>
    JSON.stringify({
      name,
      owner: 'test',
      enabled: true,
      entitlement: { purpose: 'test', attributes: ['name'] },
    });

  it('changes what the IT centre may change, and is named in the audit trail', async () => {
    const { access_token: token } = await tokensOf(admin);
    const put = await ask('/api/v1/apps/danh-ba', bearer(token), { method: 'PUT', body: app('Danh bạ') });
    assert.equal(put.status, 200);
    const { items } = await read<{ items: { actor: string; action: string }[] }>(
      ask('/api/v1/audit?object=app/danh-ba', bearer(token)),
    );
    assert.deepEqual(
      items.map(({ actor }) => actor),
      [`staff/${admin.id}`],
    );
  });

  it('is who SCIM knows as /Me, as far as the app may know', async () => {
    const { access_token: token } = await program.signIn(createBrowse(['http://app.test/']), admin, {
      scope: 'openid scim',
      resource: signOn.origin,
    });
    const me = await read<{ id: string; userName: string; birthDate?: string }>(
      ask('/scim/v2/Me', bearer(token)),
    );
    assert.deepEqual([me.id, me.userName], [admin.id, admin.username]);
  });

  it('is refused what the role does not cover, whatever the program holds and asks for', async () => {
    const { access_token: token, scope } = await tokensOf(other);
    assert.ok(!scope?.includes('admin'));
    const answer = await ask('/api/v1/apps/danh-ba', bearer(token), { method: 'PUT', body: app('x') });
    assert.equal(answer.status, 403);
    assert.equal((await read(answer)).code, 'insufficient-scope');
    assert.equal((await ask('/api/v1/audit', bearer(token))).status, 403);
  });

  it('gets no more than the program holds', async () => {
    const narrow = await createRelyingParty(signOn, 'narrow', {}, { scopes: ['hr.read'] });
    const { access_token: token } = await narrow.signIn(createBrowse(['http://app.test/']), admin, {
      scope: 'openid hr.read',
      resource: signOn.origin,
    });
    assert.equal((await ask('/api/v1/staff?limit=1', bearer(token))).status, 200);
    assert.equal((await ask('/api/v1/audit', bearer(token))).status, 403);
  });

  it('has idempotency keys apart from those of others who use the same program', async () => {
    const second = await signOn.hire('Phạm Thị Dung');
    await signOn.hub.call('sso.set-roles', { staffId: second.id, roles: ['it-centre'], actor: 'test' });
    const make = async (person: Person) => {
      const { access_token: token } = await tokensOf(person);
      const answer = await ask(
        '/api/v1/apps/tools/clients',
        { ...bearer(token), 'idempotency-key': 'same' },
        { method: 'POST', body: JSON.stringify({ scopes: ['hr.read'] }) },
      );
      return read<{ clientId: string }>(answer);
    };
    assert.notEqual((await make(admin)).clientId, (await make(second)).clientId);
  });

  it('gets no further token after leaving', async () => {
    const leaver = await signOn.hire('Hoàng Văn Em');
    const browse = createBrowse(['http://app.test/']);
    await program.signIn(browse, leaver, { scope: 'openid', resource: signOn.origin });
    await signOn.setStatus(leaver, 'left');
    const { url } = await program.begin({ prompt: 'none', resource: signOn.origin });
    assert.match((await browse.open(url)).url, /error=login_required/);
  });

  describe('with a token that is bound to a key', () => {
    let token: string;
    let handle: oidc.DPoPHandle;
    let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
    before(async () => {
      keys = await generateKeyPair('ES256', { extractable: true });
      handle = oidc.getDPoPHandle(program.config, keys);
      const tokens = await tokensOf(admin, { DPoP: handle });
      assert.equal(tokens.token_type, 'dpop');
      token = tokens.access_token;
    });

    const now = () => Math.floor(Date.now() / 1000);
    const prove = async (changes: JWTPayload = {}, { by = keys, typ = 'dpop+jwt' } = {}) =>
      new SignJWT({
        htm: 'GET',
        htu: `${signOn.origin}/api/v1/audit`,
        jti: crypto.randomUUID(),
        iat: now(),
        ath: createHash('sha256').update(token).digest('base64url'),
        ...changes,
      })
        .setProtectedHeader({ alg: 'ES256', typ, jwk: await exportJWK(by.publicKey) })
        .sign(by.privateKey);
    const present = (proof: string | undefined, scheme = 'DPoP', path = '/api/v1/audit') =>
      ask(path, {
        authorization: `${scheme} ${token}`,
        ...(proof === undefined ? {} : { dpop: proof }),
      });

    it('is let in with the proofs of a standard client', async () => {
      const url = new URL(`${signOn.origin}/api/v1/audit?limit=1`);
      for (let time = 0; time < 2; time += 1) {
        const answer = await oidc.fetchProtectedResource(
          program.config,
          token,
          url,
          'GET',
          undefined,
          undefined,
          { DPoP: handle },
        );
        assert.equal(answer.status, 200);
      }
    });

    it('is let in by a proof of this request, made now, and once', async () => {
      const proof = await prove();
      assert.equal((await present(proof, 'DPoP', '/api/v1/audit?limit=1')).status, 200);
      const again = await present(proof);
      assert.equal(again.status, 401);
      assert.match(again.headers.get('www-authenticate')!, /^DPoP algs="ES256 .*error="invalid_token"/);
    });

    it('is refused without a proof, and with one of something else', async () => {
      const stranger = await generateKeyPair('ES256', { extractable: true });
      const bad: Record<string, Promise<Response>> = {
        'as a bearer token': present(undefined, 'Bearer'),
        'as a bearer token with a proof': present(await prove(), 'Bearer'),
        'no proof': present(undefined),
        'another key': present(await prove({}, { by: stranger })),
        'another method': present(await prove({ htm: 'POST' })),
        'another address': present(await prove({ htu: `${signOn.origin}/api/v1/apps` })),
        'another host': present(await prove({ htu: 'http://elsewhere/api/v1/audit' })),
        'another token': present(await prove({ ath: createHash('sha256').update('x').digest('base64url') })),
        'no token named': present(await prove({ ath: undefined })),
        'no id': present(await prove({ jti: undefined })),
        'made long ago': present(await prove({ iat: now() - 120 })),
        'made in the future': present(await prove({ iat: now() + 120 })),
        'another kind of token': present(await prove({}, { typ: 'JWT' })),
        'two proofs': present(`${await prove()}, ${await prove()}`),
        'no JWT': present('x'),
      };
      for (const [what, answering] of Object.entries(bad)) assert.equal((await answering).status, 401, what);
    });

    it('is no way for a token that is bound to no key', async () => {
      const { access_token: plain } = await tokensOf(admin);
      assert.equal((await ask('/api/v1/audit', { authorization: `DPoP ${plain}` })).status, 401);
    });
  });
});
