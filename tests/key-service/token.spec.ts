import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createKeyService from '#hub/key-service/key-service.service.ts';
import { openToken } from '#hub/key-service/open-token.ts';
import { loadCryptoki, toUlong } from '#hub/key-service/pkcs11/cryptoki.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import type { Config } from '#hub/platform/config.ts';
import { findSoftHsm } from '#hub/platform/embedded/find-softhsm.ts';
import { createSecrets } from '#hub/platform/secrets.ts';
import { createLogBook } from '#tests/http/start-edge.ts';
import {
  code,
  hashOf,
  type KeyServiceUnderTest,
  playStaff,
  startKeyService,
} from '#tests/key-service/start-key-service.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('The token of the key service', () => {
  let folder: string;
  let lines: string[];
  let token: TokenClient;
  const open = async (config: Partial<Config> = {}): Promise<TokenClient> => {
    const book = createLogBook();
    lines = book.lines;
    token = (await openToken({
      config: { profile: 'sandbox', dataDir: folder, pkcs11: undefined, ...config } as Config,
      log: book.log,
      secrets: createSecrets(Buffer.alloc(32, 7)),
    }))!;
    return token;
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-token-'));
    await open();
  });
  afterEach(async () => {
    await token.stop();
    rmSync(folder, { recursive: true });
  });
  const hashes = (count: number) =>
    Array.from({ length: count }, (_, at) => Buffer.from(hashOf(String(at)), 'base64'));
  const module = '/usr/lib/softhsm/libsofthsm2.so';
  const theToken = () => ({
    settings: join(folder, 'softhsm', 'softhsm2.conf'),
    pin: createSecrets(Buffer.alloc(32, 7))
      .keyedHash('softhsm-pin', 'lienthong')
      .toString('base64url')
      .slice(0, 24),
  });
  /** The vendor's way: the same token by its module, label and PIN. */
  const asVendor = (pin: string): Partial<Config> => ({
    profile: 'production',
    pkcs11: {
      module,
      label: 'lienthong',
      pin,
      sessions: 2,
      env: { SOFTHSM2_CONF: theToken().settings },
    },
  });

  it('makes keys that only sign and never leave it, under the id of the credential', async () => {
    await token.generate('khoa-rsa', 'rsa-2048');
    await token.generate('khoa-ec', 'ec-p256');
    const { settings, pin } = theToken();
    // Read as another program of the vendor's would.
    process.env.SOFTHSM2_CONF = settings;
    const cryptoki = loadCryptoki(module);
    cryptoki.initialize();
    delete process.env.SOFTHSM2_CONF;
    const slot = cryptoki.slots().find(one => cryptoki.tokenLabel(one) === 'lienthong')!;
    const session = cryptoki.openSession(slot);
    cryptoki.logIn(session, 'user', pin);
    for (const [id, secretPart] of [
      ['khoa-rsa', 0x123],
      ['khoa-ec', 0x11],
    ] as const) {
      const key = cryptoki.find(session, [
        { type: 0, value: toUlong(3) },
        { type: 0x102, value: Buffer.from(id) },
      ])!;
      const is = (type: number) => cryptoki.read(session, key, type)[0] === 1;
      const [sensitive, alwaysSensitive, neverExtractable, sign] = [0x103, 0x165, 0x164, 0x108];
      for (const type of [sensitive, alwaysSensitive, neverExtractable, sign])
        assert.ok(is(type!), `${type}`);
      const [extractable, decrypt, unwrap, derive] = [0x162, 0x105, 0x107, 0x10c];
      for (const type of [extractable, decrypt, unwrap, derive]) assert.ok(!is(type!), `${type}`);
      assert.throws(() => cryptoki.read(session, key, secretPart), /CKR_ATTRIBUTE_SENSITIVE/);
    }
    cryptoki.closeSession(session);
  });

  it('signs all when its process is killed in the middle, with a new one', async () => {
    const jwk = await token.generate('khoa', 'rsa-2048');
    const first = token.pid()!;
    const asked = token.sign('khoa', hashes(3000));
    process.kill(first, 'SIGKILL');
    const signatures = (await asked)!;
    assert.equal(signatures.length, 3000);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    for (const at of [0, 1500, 2999])
      assert.ok(verify('sha256', Buffer.from(String(at)), key, signatures[at]!));
    assert.notEqual(token.pid(), first);
  });

  it('is unavailable, and the hub goes on, when a process dies with what cannot be tried again', async () => {
    await token.generate('khoa', 'ec-p256');
    const asked = token.generate('khac', 'rsa-3072');
    process.kill(token.pid()!, 'SIGKILL');
    await assert.rejects(asked, code('signing-service-unavailable'));
    assert.equal((await token.sign('khoa', hashes(1)))!.length, 1);
    assert.equal(await token.sign('khong-co', hashes(1)), undefined);
  });

  it('forgets a key that was removed', async () => {
    await token.generate('khoa', 'ec-p256');
    await token.destroy('khoa');
    await token.destroy('khoa');
    assert.equal(await token.sign('khoa', hashes(1)), undefined);
  });

  it('is entered with the configured PIN, and a wrong one is given once, not until the token is locked', async () => {
    await token.generate('khoa', 'ec-p256');
    await token.stop();
    await open(asVendor('not-the-pin'));
    await assert.rejects(token.sign('khoa', hashes(1)), code('signing-service-unavailable'));
    await assert.rejects(token.sign('khoa', hashes(1)), /CKR_PIN_INCORRECT/);
    assert.equal(token.pid(), undefined);
    assert.equal(lines.filter(line => line.includes('mend LIENTHONG_PKCS11_PIN')).length, 1);
    assert.ok(!lines.join().includes('not-the-pin'));
  });

  it('says by its name in the standard what the module refuses', async () => {
    await token.open();
    await token.stop();
    await open({ ...asVendor('x'), pkcs11: { ...asVendor('x').pkcs11!, label: 'another' } });
    await assert.rejects(token.sign('khoa', hashes(1)), /CKR_TOKEN_NOT_PRESENT/);
  });

  it('hands its process neither the environment of the hub nor, where it is seen, the PIN', async () => {
    await token.open();
    const proc = `/proc/${token.pid()}`;
    const environment = readFileSync(`${proc}/environ`, 'utf8');
    assert.ok(environment.includes('SOFTHSM2_CONF='));
    assert.ok(!environment.includes('HOME='));
    assert.ok(!(environment + readFileSync(`${proc}/cmdline`, 'utf8')).includes('PIN'));
  });
});

describe('The library of SoftHSM', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-softhsm-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is unpacked without root from the package of the distribution, and kept', async function () {
    this.timeout(180_000);
    const { log } = createLogBook();
    const found = await findSoftHsm({ cacheDir: folder, log }, { libraries: [] });
    assert.ok(found?.startsWith(folder));
    assert.deepEqual(readdirSync(folder).length, 1);
    assert.equal(
      await findSoftHsm({ cacheDir: folder, log }, { libraries: [], aptGet: '/nonexistent' }),
      found,
    );
  });

  it('is undefined when it is not to be had, and one line says what to do', async () => {
    const { log, lines } = createLogBook();
    const missing = { libraries: [], aptGet: '/nonexistent' };
    assert.equal(await findSoftHsm({ cacheDir: folder, log }, missing), undefined);
    assert.match(lines.join(), /apt-get install softhsm2/);
    assert.equal(lines.length, 1);
  });
});

describe('Several nodes with one token', () => {
  let service: KeyServiceUnderTest;
  let other: TestHub;
  before(async () => {
    service = await startKeyService();
    await service.make();
    other = await createTestHub([createKeyService], {
      databaseUrl: service.hub.databaseUrl,
      config: { dataDir: service.folder },
      stubs: [playStaff(service.left)],
    });
  });
  after(async () => {
    await other.stop();
    await service.stop();
  });

  it('give the same signatures for one leave, asked of both at once, and note them once', async () => {
    const key = await service.make();
    const wanted = Array.from({ length: 20 }, (_, at) => hashOf(`văn bản ${at}`));
    const { sad } = await service.authorise(key, wanted);
    const asked = { credentialId: key.credentialId, sad, hashes: wanted };
    const [one, two] = await Promise.all([
      service.hub.call('key-service.sign', asked),
      other.call('key-service.sign', asked),
    ]);
    assert.equal(one.state, 'signed');
    assert.deepEqual(two, one);
  });

  it('count wrong PINs together', async () => {
    const key = await service.make();
    const tries = await Promise.allSettled(
      [service.hub, other].flatMap(hub =>
        Array.from({ length: 5 }, () =>
          hub.call('key-service.authorise', {
            ...{ credentialId: key.credentialId, approver: key.staffId },
            hashes: [hashOf('a')],
            pin: '000000',
          }),
        ),
      ),
    );
    const codes = tries.map(one => (one as PromiseRejectedResult).reason.code as string);
    assert.equal(codes.filter(one => one === 'wrong-pin').length, 5);
  });
});

describe('A hub without a token', () => {
  it('starts, says what to do, and has no signing keys', async () => {
    const hub = await createTestHub([createKeyService], {
      config: { profile: 'production' },
      stubs: [playStaff(new Set())],
    });
    const given = { staffId: '00000000-0000-4000-8000-000000000001', subject: { CN: 'A' }, actor: 'test' };
    await assert.rejects(hub.call('key-service.create', given), code('signing-service-unavailable'));
    assert.deepEqual(await hub.call('key-service.certificates', { staffId: given.staffId }), []);
    await hub.stop();
  });
});
