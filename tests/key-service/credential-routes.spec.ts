import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type KeyEdge, startKeyEdge } from '#tests/key-service/start-key-edge.ts';
import { code, hashOf, otp, pin } from '#tests/key-service/start-key-service.ts';

const path = '/api/v1/signing/credentials';

describe("The IT centre's work with signing keys", () => {
  let service: KeyEdge;
  before(async () => {
    service = await startKeyEdge();
  });
  after(() => service.stop());
  const admin = (method: string, at: string, body?: unknown) => service.ask(method, path + at, 'admin', body);

  const pem = (der: Buffer): string =>
    `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;

  it('makes a key, hands out its request, installs the certificate, and leaves the PIN to the holder', async () => {
    const staffId = randomUUID();
    const made = await admin('POST', '', {
      holder: { staffId },
      algorithm: 'ec-p256',
      subject: { L: 'Huế' },
    });
    assert.equal(made.status, 201, JSON.stringify(made.json));
    const { id, request, code: once } = made.json;
    const told = await admin('GET', `/${id}/request`);
    assert.equal(told.json, made.json.pem);
    const subject = execFileSync('openssl', ['req', '-verify', '-noout', '-subject', '-nameopt', 'utf8'], {
      input: told.json,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    assert.match(String(subject), /C ?= ?VN, L ?= ?Huế, O ?= ?Sở Tài chính, CN ?= ?Lê Thị Đào/);
    assert.equal((await admin('GET', `/${id}`)).json.status, 'requested');

    const certificate = pem(service.certify(request));
    const installed = await admin('PUT', `/${id}/certificate`, { certificate });
    assert.deepEqual([installed.json.status, installed.json.hasPin], ['active', false]);
    const set = { current: once, pin, otp };
    assert.equal((await service.ask('POST', `${path}/${id}/pin`, 'program', set)).status, 404);
    assert.equal((await service.ask('POST', `${path}/${id}/pin`, randomUUID(), set)).status, 404);
    assert.equal((await service.ask('POST', `${path}/${id}/pin`, staffId, set)).status, 204);
    assert.equal((await admin('GET', `/${id}`)).json.hasPin, true);
    await service.authorise({ credentialId: id, staffId }, [hashOf('a')]);
  });

  it('makes the keys of many people, each by itself, and the same again makes nothing twice', async () => {
    const [ready, gone, ...fresh] = Array.from({ length: 5 }, () => randomUUID());
    await service.make('ec-p256', ready);
    service.left.add(gone!);
    const body = { staffIds: [ready, gone, ...fresh], algorithm: 'ec-p256' };
    const { json } = await admin('POST', '/bulk', body);
    const [first, second, ...rest] = json.items;
    assert.deepEqual(first, { staffId: ready, skipped: true });
    assert.equal(second.error.code, 'not-active');
    for (const item of rest) {
      service.certify(item.request);
      assert.match(item.code, /^[2-9A-Z]{10}$/);
    }
    const again = await admin('POST', '/bulk', body);
    assert.deepEqual(
      again.json.items.slice(2),
      rest.map(({ code: _, ...item }: { code: string }) => item),
    );
    const renewed = await admin('POST', '/bulk', { ...body, staffIds: [ready], renew: true });
    assert.ok(renewed.json.items[0].code);
  });

  it('holds and releases a key, also one that wrong PINs held', async () => {
    const key = await service.make();
    const at = `/${key.credentialId}`;
    const { sad } = await service.authorise(key, [hashOf('a')]);
    assert.equal((await admin('POST', `${at}/hold`)).json.heldBecause, 'it-centre');
    const refused = await service.hub.call('key-service.sign', {
      ...{ credentialId: key.credentialId, sad, hashes: [hashOf('a')] },
    });
    assert.deepEqual(refused, { state: 'unable', reason: 'suspended' });
    await assert.rejects(service.authorise(key, [hashOf('a')]), code('signing-key-not-active'));
    assert.equal((await admin('POST', `${at}/release`)).json.status, 'active');
    for (let tried = 0; tried < 5; tried += 1)
      await assert.rejects(service.authorise(key, [hashOf('a')], { pin: '000000' }), code('wrong-pin'));
    assert.equal((await admin('GET', at)).json.heldBecause, 'wrong-pins');
    await admin('POST', `${at}/release`);
    await service.authorise(key, [hashOf('a')]);
  });

  it('gives a code in place of a forgotten PIN, and ends a key for ever', async () => {
    const key = await service.make();
    const at = `/${key.credentialId}`;
    const { json } = await admin('POST', `${at}/code`);
    await assert.rejects(service.authorise(key, [hashOf('a')]), code('pin-not-chosen'));
    await service.ask('POST', `${path}${at}/pin`, key.staffId, { current: json.code, pin: '864201', otp });
    await service.authorise(key, [hashOf('a')], { pin: '864201' });
    assert.equal((await admin('POST', `${at}/revoke`, { reason: 'nghỉ hưu' })).json.status, 'revoked');
    assert.equal((await admin('POST', `${at}/release`)).status, 404);
    assert.equal((await admin('POST', `${at}/code`)).status, 404);
  });

  it('warns of keys that expire soon and have no successor, page by page', async () => {
    const soon = async (staffId: string = randomUUID()) => {
      const made = await admin('POST', '', { holder: { staffId }, algorithm: 'ec-p256' });
      const certificate = pem(service.certify(made.json.request, 20));
      await admin('PUT', `/${made.json.id}/certificate`, { certificate });
      return made.json.id;
    };
    const renewed = await service.make('ec-p256');
    await soon(renewed.staffId);
    const wanted = [await soon(), await soon(), await soon()];
    const found: string[] = [];
    let next: string | undefined;
    do {
      const page = await admin(
        'GET',
        `?expiresWithin=60&limit=2${next === undefined ? '' : `&cursor=${next}`}`,
      );
      found.push(...page.json.items.map(({ id }: { id: string }) => id));
      next = page.json.next;
    } while (next !== undefined);
    assert.deepEqual(found.toSorted(), wanted.toSorted());
    assert.deepEqual((await admin('GET', '?expiresWithin=10')).json.items, []);
  });

  it("entrusts an organisation's key to its clerks", async () => {
    const unitId = randomUUID();
    const made = await admin('POST', '', { holder: { unitId }, algorithm: 'ec-p256' });
    const clerk = randomUUID();
    const { json } = await admin('PUT', `/${made.json.id}/holders`, { staffIds: [clerk] });
    assert.deepEqual([json.holder, json.holders], [{ unitId }, [clerk]]);
    const own = await service.make();
    assert.equal((await admin('PUT', `/${own.credentialId}/holders`, { staffIds: [clerk] })).status, 404);
  });

  it('is for the IT centre alone', async () => {
    const key = await service.make();
    for (const [method, at] of [
      ['GET', ''],
      ['GET', `/${key.credentialId}`],
      ['POST', `/${key.credentialId}/release`],
      ['POST', `/${key.credentialId}/code`],
    ] as const)
      assert.equal((await service.ask(method, path + at, key.staffId)).status, 403);
  });
});
