import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID, verify, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { AppError } from '#hub/platform/errors.ts';
import { startKeyService } from '#tests/key-service/start-key-service.ts';
import type { TestHub } from '#tests/support/test-hub.ts';

type Algorithm = 'rsa-2048' | 'rsa-3072' | 'ec-p256';

describe('The key service', () => {
  let hub: TestHub;
  let folder: string;
  let stop: () => Promise<void>;
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

  before(async () => {
    ({ hub, folder, stop } = await startKeyService());
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=CA',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
  });
  after(() => stop());

  const pin = '975310';
  const code = (wanted: string) => (error: unknown) => error instanceof AppError && error.code === wanted;
  const hashOf = (text: string) => createHash('sha256').update(text).digest('base64');

  const certify = (request: string): Buffer => {
    writeFileSync(join(folder, 'one.csr'), Buffer.from(request, 'base64'));
    openssl('req', '-inform', 'DER', '-in', 'one.csr', '-verify', '-noout');
    openssl(
      'x509',
      '-req',
      '-inform',
      'DER',
      '-in',
      'one.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-days',
      '9',
      '-outform',
      'DER',
      '-out',
      'one.der',
    );
    return readFileSync(join(folder, 'one.der'));
  };
  const make = async (algorithm: Algorithm = 'rsa-2048', staffId = randomUUID()) => {
    const subject = { CN: 'Lê Thị Đào', O: 'Sở Tài chính', C: 'VN' };
    const { credentialId, request } = await hub.call('key-service.create', {
      staffId,
      subject,
      algorithm,
      pin,
      actor: 'test',
    });
    const certificate = certify(request);
    await hub.call('key-service.install', {
      credentialId,
      certificate: certificate.toString('base64'),
      chain: [],
      actor: 'test',
    });
    return { credentialId, staffId, certificate: new X509Certificate(certificate) };
  };
  const authorise = (
    { credentialId, staffId }: { credentialId: string; staffId: string },
    hashes: string[],
    more: object = {},
  ) =>
    hub.call('key-service.authorise', {
      credentialId,
      approver: staffId,
      hashes,
      pin,
      otp: '123456',
      ...more,
    });

  for (const algorithm of ['rsa-2048', 'rsa-3072', 'ec-p256'] as const)
    it(`makes keys in the token and signs with them, in the order of the hashes (${algorithm})`, async () => {
      const key = await make(algorithm);
      const texts = ['một', 'hai', 'ba'];
      const { sad } = await authorise(key, texts.map(hashOf));
      const answer = await hub.call('key-service.sign', {
        credentialId: key.credentialId,
        sad,
        hashes: texts.map(hashOf),
      });
      assert.ok(answer.state === 'signed');
      for (const [at, signature] of answer.signatures.entries())
        assert.ok(
          verify(
            'sha256',
            Buffer.from(texts[at]!),
            key.certificate.publicKey,
            Buffer.from(signature, 'base64'),
          ),
        );
    });

  it('gives the same signatures to who asks again, and none for other hashes or another key', async () => {
    const [key, other] = [await make('ec-p256'), await make('ec-p256')];
    const hashes = [hashOf('một'), hashOf('hai')];
    const { sad } = await authorise(key, hashes);
    const ask = (credentialId: string, wanted: string[]) =>
      hub.call('key-service.sign', { credentialId, sad, hashes: wanted });
    assert.equal((await ask(key.credentialId, hashes.toReversed())).state, 'expired');
    assert.equal((await ask(key.credentialId, [hashes[0]!])).state, 'expired');
    assert.equal((await ask(other.credentialId, hashes)).state, 'expired');
    const first = await ask(key.credentialId, hashes);
    assert.equal(first.state, 'signed');
    // ECDSA is random: only a kept answer is the same.
    assert.deepEqual(await ask(key.credentialId, hashes), first);
  });

  it('lets nobody sign with the key of another, without a second factor, or after a revocation', async () => {
    const key = await make('ec-p256');
    await assert.rejects(
      authorise({ ...key, staffId: randomUUID() }, [hashOf('a')]),
      code('unknown-signing-key'),
    );
    await assert.rejects(authorise(key, [hashOf('a')], { otp: undefined }), code('second-factor-needed'));
    await assert.rejects(authorise(key, [hashOf('a')], { otp: '000000' }), code('wrong-code'));
    const old = new Date(Date.now() - 11 * 60_000).toISOString();
    await assert.rejects(
      authorise(key, [hashOf('a')], { otp: undefined, factorAt: old }),
      code('second-factor-needed'),
    );
    const { sad } = await authorise(key, [hashOf('a')], {
      otp: undefined,
      factorAt: new Date().toISOString(),
    });
    await hub.call('key-service.revoke', {
      credentialId: key.credentialId,
      reason: 'mất thiết bị',
      actor: 'test',
    });
    const answer = await hub.call('key-service.sign', {
      credentialId: key.credentialId,
      sad,
      hashes: [hashOf('a')],
    });
    assert.equal(answer.state, 'refused');
    await assert.rejects(authorise(key, [hashOf('a')]), code('signing-key-not-active'));
  });

  it('counts wrong PINs, many at once too, and holds the key after five', async () => {
    const key = await make('ec-p256');
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => authorise(key, [hashOf('a')], { pin: '000000' })),
    );
    const codes = tries.map(one => (one as PromiseRejectedResult).reason.code as string);
    assert.equal(codes.filter(one => one === 'wrong-pin').length, 5);
    assert.equal(codes.filter(one => one === 'signing-key-not-active').length, 7);
    await assert.rejects(authorise(key, [hashOf('a')]), code('signing-key-not-active'));
    const { rows } = await sql<{ detail: object }>`
      select detail from audit where action = 'signing-key.wrong-pin' and object = ${`signing-key/${key.credentialId}`}`.execute(
      hub.db,
    );
    assert.equal(rows.length, 5);
  });

  it("lets an organisation's clerks sign with its key, and nobody else", async () => {
    const [unitId, clerk] = [randomUUID(), randomUUID()];
    const { credentialId, request } = await hub.call('key-service.create', {
      unitId,
      subject: { CN: 'Sở Tài chính' },
      algorithm: 'ec-p256',
      pin,
      actor: 'test',
    });
    await hub.call('key-service.install', {
      credentialId,
      certificate: certify(request).toString('base64'),
      chain: [],
      actor: 'test',
    });
    await assert.rejects(
      authorise({ credentialId, staffId: clerk }, [hashOf('a')]),
      code('unknown-signing-key'),
    );
    await hub.call('key-service.set-holders', { credentialId, staffIds: [clerk], actor: 'test' });
    await authorise({ credentialId, staffId: clerk }, [hashOf('a')]);
  });

  it('takes no certificate of another key', async () => {
    const one = await make('ec-p256');
    const { credentialId } = await hub.call('key-service.create', {
      staffId: one.staffId,
      subject: { CN: 'Khác' },
      algorithm: 'ec-p256',
      pin,
      actor: 'test',
    });
    const certificate = one.certificate.raw.toString('base64');
    await assert.rejects(
      hub.call('key-service.install', { credentialId, certificate, chain: [], actor: 'test' }),
      code('certificate-not-of-key'),
    );
  });

  it('goes on when the process of the token is killed', async () => {
    const key = await make('ec-p256');
    const { sad } = await authorise(key, [hashOf('a')]);
    for (const name of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
      const line = (() => {
        try {
          return readFileSync(`/proc/${name}/cmdline`, 'utf8') + readFileSync(`/proc/${name}/stat`, 'utf8');
        } catch {
          return '';
        }
      })();
      if (line.includes('token-process.ts') && line.includes(` ${process.pid} `))
        process.kill(Number(name), 'SIGKILL');
    }
    const ask = () =>
      hub.call('key-service.sign', { credentialId: key.credentialId, sad, hashes: [hashOf('a')] });
    const answer = await ask().catch(ask);
    assert.equal(answer.state, 'signed');
  });
});
