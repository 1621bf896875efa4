import assert from 'node:assert/strict';
import {
  type CryptoKey,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { sql } from 'kysely';
import { AppError } from '#hub/platform/errors.ts';
import { createProviderKeys } from '#sso/keys/provider-keys.ts';
import { limitFailures } from '#sso/limit-failures.ts';
import { read } from '#tests/http/start-edge.ts';
import { startTestGateway, type TestGateway } from '#tests/http/start-test-gateway.ts';

interface Granted {
  access_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
}
interface Refused {
  error: string;
  error_description: string;
}

describe('The token endpoint', () => {
  let running: TestGateway;
  let client: { clientId: string; clientSecret: string };

  const send = (body: Record<string, string> | string, headers: Record<string, string> = {}) =>
    fetch(`${running.origin}/sso/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
    });
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  });
  const grant = { grant_type: 'client_credentials' };
  const post = (more: Record<string, string> = {}) =>
    send({ ...grant, client_id: client.clientId, client_secret: client.clientSecret, ...more });
  const useToken = (token: string) => running.ask('GET', '/api/v1/apps', { token });

  before(async () => {
    running = await startTestGateway();
    client = await running.hub.call('apps.create-client', {
      clientId: 'portal',
      scopes: ['admin', 'hr.read'],
      actor: 'system',
    });
  });
  after(() => running.stop());

  it('gives a token for five minutes to a client that authenticates in the header or in the body', async () => {
    for (const answer of [await post(), await send(grant, basic(client.clientId, client.clientSecret))]) {
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      const granted = await read<Granted>(answer);
      assert.equal(granted.token_type, 'Bearer');
      assert.equal(granted.expires_in, 300);
      assert.equal(granted.scope, 'admin hr.read');
      assert.equal((await useToken(granted.access_token)).status, 200);
    }
  });

  it('signs tokens as RFC 9068 has them, verifiable from discovery alone', async () => {
    const { access_token: token } = await read<Granted>(post());
    const provider = await read<Record<string, string>>(
      fetch(`${running.origin}/sso/.well-known/openid-configuration`),
    );
    assert.equal(provider.issuer, `${running.origin}/sso`);
    assert.equal(provider.token_endpoint, `${running.origin}/sso/token`);
    const keys = createRemoteJWKSet(new URL(provider.jwks_uri!));
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: provider.issuer,
      audience: running.origin,
    });
    assert.equal(protectedHeader.typ, 'at+jwt');
    assert.equal(protectedHeader.alg, 'ES256');
    assert.equal(payload.client_id, 'portal');
    assert.equal(payload.sub, 'portal');
    assert.equal(payload.scope, 'admin hr.read');
    assert.ok(payload.jti);
    assert.equal(payload.exp! - payload.iat!, 300);
  });

  it('publishes no private half of a key', async () => {
    const { keys } = await read<{ keys: Record<string, string>[] }>(fetch(`${running.origin}/sso/jwks`));
    assert.ok(keys.length > 0);
    for (const key of keys) assert.equal(key.d, undefined);
  });

  it('narrows the scopes to those asked for', async () => {
    const { scope, access_token } = await read<Granted>(post({ scope: 'hr.read' }));
    assert.equal(scope, 'hr.read');
    assert.equal((await useToken(access_token)).status, 403);
    const answer = await post({ scope: 'hr.read hr.salary' });
    assert.equal(answer.status, 400);
    assert.equal((await read<Refused>(answer)).error, 'invalid_scope');
  });

  it('refuses in the words of RFC 6749', async () => {
    const cases: [Promise<Response>, number, string][] = [
      [post({ client_secret: 'wrong' }), 401, 'invalid_client'],
      [post({ client_id: 'nobody-knows' }), 401, 'invalid_client'],
      [post({ client_id: 'a\0b' }), 401, 'invalid_client'],
      [send(grant), 400, 'invalid_request'],
      [send(grant, basic(client.clientId, 'wrong')), 401, 'invalid_client'],
      [post({ grant_type: 'password' }), 400, 'unsupported_grant_type'],
      [send({ client_id: 'a', client_secret: 'b' }), 401, 'invalid_client'],
      [send('grant_type=a&grant_type=b'), 400, 'invalid_request'],
      [post().then(() => send({ ...grant, client_secret: 'x' }, basic('a', 'b'))), 400, 'invalid_request'],
      [send(grant, { authorization: 'Basic ???' }), 400, 'invalid_request'],
      [send('{}', { 'content-type': 'application/json' }), 400, 'invalid_request'],
      [send({ ...grant, scope: 'x'.repeat(60_000) }), 400, 'invalid_request'],
    ];
    for (const [answering, status, error] of cases) {
      const answer = await answering;
      const refused = await read<Refused>(answer);
      assert.equal(answer.status, status, `${error} ${JSON.stringify(refused)}`);
      assert.equal(refused.error, error);
      assert.match(answer.headers.get('content-type')!, /^application\/json/);
      if (status === 401) assert.match(answer.headers.get('www-authenticate')!, /^Basic/);
    }
  });

  it('makes whoever guesses wait, and nobody else', async () => {
    const victim = await running.hub.call('apps.create-client', { scopes: [], actor: 'system' });
    const guess = (address: string, secret = 'guess') =>
      send(
        { ...grant, client_id: victim.clientId, client_secret: secret },
        // The specs stand on loopback, whose word is taken for where a request comes from.
        { 'x-forwarded-for': address },
      );
    for (let attempt = 0; attempt < 10; attempt++) assert.equal((await guess('203.0.113.9')).status, 401);
    const blocked = await guess('203.0.113.9');
    assert.equal(blocked.status, 429);
    assert.ok(Number(blocked.headers.get('retry-after')) > 0);
    assert.equal((await guess('203.0.113.9', victim.clientSecret)).status, 429);
    assert.equal((await guess('198.51.100.7', victim.clientSecret)).status, 200);
    assert.equal((await post()).status, 200);
  });

  it('refuses tokens that are changed, expired, for others, or of another kind', async () => {
    const { access_token: token } = await read<Granted>(post());
    const [head, body, signature] = token.split('.') as [string, string, string];
    const keys = createProviderKeys(running.hub.context);
    const [jwk] = (await keys.inUse()).jwks.filter(({ alg }) => alg === 'ES256');
    const { kid } = jwk!;
    const key = (await importJWK(jwk!, 'ES256')) as CryptoKey;
    const stranger = await generateKeyPair('ES256');
    const claims = decodeJwt(token);
    const forge = (changes: object, typ = 'at+jwt', by = key) =>
      new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'ES256', typ, kid }).sign(by);
    assert.equal((await useToken(await forge({}))).status, 200);
    const past = Math.floor(Date.now() / 1000) - 60;
    const forged = [
      `${head}.${Buffer.from(JSON.stringify({ ...claims, scope: 'admin' })).toString('base64url')}.${signature}`,
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`,
      await forge({ exp: past }),
      await forge({ aud: 'http://elsewhere' }),
      await forge({ iss: 'http://elsewhere/sso' }),
      await forge({}, 'JWT'),
      await forge({}, 'at+jwt', stranger.privateKey),
      'no.jwt.at.all',
      'e30',
    ];
    for (const bad of forged) assert.equal((await useToken(bad)).status, 401, bad);
  });

  it('changes keys without a break: tokens of the old key stay good, new ones are known at once', async () => {
    const before = await read<Granted>(post());
    assert.equal((await useToken(before.access_token)).status, 200);
    const { kid } = await running.hub.call('sso.rotate-key', { actor: 'system' });
    const after = await read<Granted>(post());
    assert.equal(decodeProtectedHeader(after.access_token).kid, kid);
    assert.equal((await useToken(after.access_token)).status, 200);
    assert.equal((await useToken(before.access_token)).status, 200);
    const { keys } = await running.hub.call('sso.keys', {});
    assert.equal(keys.length, 4, 'of two algorithms each');
  });

  it('makes one first key, however many nodes start at once', async () => {
    const { db, context } = running.hub;
    await sql`delete from token_key`.execute(db);
    const kids = await Promise.all(
      Array.from({ length: 6 }, async () => (await createProviderKeys(context).inUse()).id),
    );
    assert.equal(new Set(kids).size, 1);
  });

  it('lets a key go when it is old', async () => {
    const { db, context } = running.hub;
    const keys = createProviderKeys(context);
    const { id } = await keys.inUse();
    await keys.rotateWhenOld();
    assert.equal((await keys.inUse()).id, id);
    await sql`update token_key set created_at = now() - interval '91 days'`.execute(db);
    await keys.rotateWhenOld();
    assert.notEqual((await keys.inUse()).id, id);
  });

  it('writes no secret and no token into the log', () => {
    const log = running.lines.join('\n');
    assert.ok(log.includes('"route":"/sso/token"'));
    assert.ok(!log.includes(client.clientSecret) && !log.includes('eyJ'));
  });
});

describe('The limit of failures', () => {
  it('counts by key in a window and forgets at success, at the end, and when it is full', () => {
    let now = 0;
    const limit = limitFailures({ most: 2, windowMs: 1000, capacity: 2, now: () => now });
    limit.failed('a');
    assert.equal(limit.waitFor('a'), 0);
    limit.failed('a');
    assert.equal(limit.waitFor('a'), 1);
    assert.equal(limit.waitFor('b'), 0);
    now = 1000;
    assert.equal(limit.waitFor('a'), 0);
    limit.failed('b');
    limit.failed('b');
    limit.succeeded('b');
    assert.equal(limit.waitFor('b'), 0);
    for (const key of ['c', 'c', 'd', 'e']) limit.failed(key);
    assert.equal(limit.waitFor('c'), 0);
  });
});

describe('A gateway whose sign-on is away', () => {
  it('asks to come again instead of calling a token wrong', async () => {
    const { createTokenVerifier } = await import('#hub/gateway/verify-token.ts');
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
      .sign(privateKey);
    const verify = createTokenVerifier(async () => {
      throw new AppError('not-ready');
    }, 'http://localhost');
    await assert.rejects(verify(token, { scheme: 'bearer', method: 'GET', path: '/', proof: undefined }), {
      code: 'not-ready',
    });
  });
});
