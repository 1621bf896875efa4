import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { echoRoute, read, until } from '#tests/http/start-edge.ts';
import { startTestGateway, type TestGateway } from '#tests/http/start-test-gateway.ts';

interface Operation {
  operationId: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string; required: boolean }[];
  responses: Record<string, unknown>;
  requestBody?: { content: Record<string, { schema?: object }> };
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, object>;
    securitySchemes: { oauth2: { flows: { clientCredentials: { tokenUrl: string } } } };
  };
}

describe('The gateway', () => {
  let running: TestGateway;
  before(async () => {
    running = await startTestGateway([echoRoute()]);
  });
  after(() => running.stop());

  it('is alive at once and ready when every role is', async () => {
    assert.equal((await running.ask('GET', '/healthz')).status, 200);
    assert.deepEqual(await read(running.ask('GET', '/readyz')), { ready: true, roles: { hub: true } });
    running.setReady(false);
    const answer = await running.ask('GET', '/readyz');
    assert.equal(answer.status, 503);
    assert.deepEqual(await read(answer), { ready: false, roles: { hub: false } });
    running.setReady(true);
  });

  it('logs at debug what is asked every few seconds by those who watch', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/api/openapi.json'])
      await (await running.ask('GET', path)).arrayBuffer();
    const levels = (): unknown =>
      Object.fromEntries(
        running.lines.map(text => JSON.parse(text)).map(({ route, level }) => [route, level] as const),
      );
    await until('the lines', () => Object.hasOwn(levels() as object, '/api/openapi.json'));
    assert.deepEqual(levels(), { '/healthz': 20, '/readyz': 20, '/metrics': 20, '/api/openapi.json': 30 });
  });

  it('counts requests by route pattern for Prometheus', async () => {
    await running.ask('GET', '/api/v1/apps/secret-id');
    let text = '';
    await until('the request to be counted', async () => {
      const answer = await running.ask('GET', '/metrics');
      assert.match(answer.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
      text = await answer.text();
      return text.includes('route="/api/v1/apps/{id}",status="401"');
    });
    assert.ok(!text.includes('secret-id'));
    assert.match(text, /process_resident_memory_bytes/);
  });

  it('describes every route in OpenAPI 3.1, each under a name of its own', async () => {
    const document = await read<Document>(running.ask('GET', '/api/openapi.json'));
    assert.match(document.openapi, /^3\.1\./);
    assert.equal(document.servers[0]!.url, running.origin);
    const routes = running.hub.parts.flatMap(part => part.routes ?? []);
    const operations = Object.values(document.paths).flatMap(path => Object.values(path));
    for (const { method, path, scope } of routes) {
      const operation = document.paths[path]?.[method.toLowerCase()];
      assert.ok(operation, `${method} ${path}`);
      assert.deepEqual(operation.security, scope === 'public' ? [] : [{ oauth2: [scope] }]);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]);
      const described = operation.parameters?.filter(one => one.in === 'path' && one.required) ?? [];
      assert.deepEqual(
        described.map(one => one.name),
        named,
      );
      assert.ok(Object.keys(operation.responses).some(status => /^2\d\d$/.test(status)));
    }
    for (const path of ['/healthz', '/readyz', '/metrics', '/api/openapi.json'])
      assert.ok(document.paths[path]?.get, path);
    assert.equal(new Set(operations.map(one => one.operationId)).size, operations.length);
    const tags = new Set(document.tags.map(tag => tag.name));
    for (const operation of operations) for (const tag of operation.tags) assert.ok(tags.has(tag));
    const { tokenUrl } = document.components.securitySchemes.oauth2.flows.clientCredentials;
    assert.equal(tokenUrl, `${running.origin}/sso/token`);
    assert.ok(document.paths['/sso/token']!.post!.requestBody!.content['application/x-www-form-urlencoded']);
  });

  it('gives schemas that compile, and a problem that its own schema fits', async () => {
    const document = await read<Document>(running.ask('GET', '/api/openapi.json'));
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const path of Object.values(document.paths))
      for (const operation of Object.values(path))
        for (const { schema } of Object.values(operation.requestBody?.content ?? {}))
          if (schema) ajv.compile(schema);
    const isProblem = ajv.compile(document.components.schemas.Problem!);
    const problem = await read(running.ask('GET', '/api/v1/apps'));
    assert.ok(isProblem(problem), JSON.stringify(isProblem.errors));
  });

  it('shows the description in a page that loads everything from here', async () => {
    const page = await running.ask('GET', '/api/docs');
    assert.equal(page.status, 200);
    const policy = page.headers.get('content-security-policy')!;
    assert.match(policy, /default-src 'self'/);
    assert.ok(!policy.includes('unsafe-inline') && !policy.includes('http'));
    const html = await page.text();
    assert.ok(!/<script(?![^>]*\bsrc=)/.test(html), 'no inline script, which the policy would stop');
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1]!);
    assert.ok(assets.length >= 4);
    for (const asset of assets) {
      assert.ok(asset.startsWith('/'), asset);
      const answer = await running.ask('GET', asset);
      assert.equal(answer.status, 200, asset);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    }
    const initializer = await (await running.ask('GET', '/api/docs/static/swagger-initializer.js')).text();
    assert.ok(!initializer.includes('validator.swagger.io'));
    const shown = await read<Document>(running.ask('GET', '/api/docs/json'));
    assert.ok(shown.paths['/api/v1/echo']?.post);
  });

  it('explains every problem type at its address', async () => {
    const { type } = await read(running.ask('GET', '/api/v1/apps'));
    const answer = await running.ask('GET', type);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /Chưa xác thực[\s\S]*Not authenticated/);
    assert.equal((await running.ask('GET', '/problems/toString')).status, 404);
  });

  it('keeps idempotency keys for the routes of every part', async () => {
    const token = await running.tokenFor('hr.read');
    const post = () =>
      fetch(`${running.origin}/api/v1/echo`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': 'g-1',
        },
        body: '{"name":"An"}',
      });
    assert.equal((await post()).headers.get('idempotency-replayed'), null);
    assert.equal((await post()).headers.get('idempotency-replayed'), 'true');
  });
});
