import assert from 'node:assert/strict';
import { randomUUID, verify } from 'node:crypto';
import { sql } from 'kysely';
import {
  code,
  hashOf,
  type KeyServiceUnderTest,
  otp,
  pin,
  startKeyService,
} from '#tests/key-service/start-key-service.ts';

describe('The key service', () => {
  let service: KeyServiceUnderTest;
  before(async () => {
    service = await startKeyService();
  });
  after(() => service.stop());

  const sign = (credentialId: string, sad: string, hashes: string[]) =>
    service.hub.call('key-service.sign', { credentialId, sad, hashes });

  for (const algorithm of ['rsa-2048', 'rsa-3072', 'ec-p256'] as const)
    it(`makes keys in the token and signs with them, in the order of the hashes (${algorithm})`, async () => {
      const key = await service.make(algorithm);
      const texts = ['một', 'hai', 'ba'];
      const { sad } = await service.authorise(key, texts.map(hashOf));
      const answer = await sign(key.credentialId, sad, texts.map(hashOf));
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
    const [key, other] = [await service.make(), await service.make()];
    const hashes = [hashOf('một'), hashOf('hai')];
    const { sad } = await service.authorise(key, hashes);
    assert.equal((await sign(key.credentialId, sad, hashes.toReversed())).state, 'expired');
    assert.equal((await sign(key.credentialId, sad, [hashes[0]!])).state, 'expired');
    assert.equal((await sign(other.credentialId, sad, hashes)).state, 'expired');
    assert.equal((await sign(key.credentialId, 'made-up', hashes)).state, 'expired');
    const first = await sign(key.credentialId, sad, hashes);
    assert.equal(first.state, 'signed');
    // ECDSA is random: only a kept answer is the same.
    assert.deepEqual(await sign(key.credentialId, sad, hashes), first);
    assert.equal((await sign(key.credentialId, sad, [hashOf('ba'), hashes[1]!])).state, 'expired');
    const { rows } = await sql`select 1 from audit where action = 'signing-key.signed'
      and object = ${`signing-key/${key.credentialId}`}`.execute(service.hub.db);
    assert.equal(rows.length, 1);
  });

  it('keeps of a SAD and of a PIN nothing that could be used', async () => {
    const key = await service.make();
    const { sad } = await service.authorise(key, [hashOf('a')]);
    const { rows } = await sql<{ text: string }>`
      select signing_leave::text || signing_credential::text || (select string_agg(audit::text, '') from audit) as text
      from signing_leave, signing_credential`.execute(service.hub.db);
    for (const { text } of rows) {
      assert.ok(!text.includes(sad) && !text.includes(Buffer.from(sad).toString('hex')));
      assert.ok(!text.includes(`"${pin}"`) && !text.includes(`,${pin},`));
    }
  });

  it('signs nothing new when the five minutes are over, and gives once more what was made', async () => {
    const key = await service.make();
    const made = await service.authorise(key, [hashOf('a')]);
    const unused = await service.authorise(key, [hashOf('b')]);
    const first = await sign(key.credentialId, made.sad, [hashOf('a')]);
    await sql`update signing_leave set expires_at = clock_timestamp() - interval '1 second'`.execute(
      service.hub.db,
    );
    assert.deepEqual(await sign(key.credentialId, unused.sad, [hashOf('b')]), {
      state: 'expired',
      reason: 'expired',
    });
    assert.deepEqual(await sign(key.credentialId, made.sad, [hashOf('a')]), first);
    await sql`update signing_leave set expires_at = clock_timestamp() - interval '61 minutes'`.execute(
      service.hub.db,
    );
    await service.authorise(key, [hashOf('c')]);
    assert.equal((await sign(key.credentialId, made.sad, [hashOf('a')])).state, 'expired');
  });

  it('lets nobody sign with the key of another, without a second factor, or who has left', async () => {
    const key = await service.make();
    const ask = (more: object, staffId = key.staffId) =>
      service.authorise({ ...key, staffId }, [hashOf('a')], more);
    await assert.rejects(ask({}, randomUUID()), code('unknown-signing-key'));
    await assert.rejects(ask({ otp: undefined }), code('second-factor-needed'));
    await assert.rejects(ask({ otp: '000000' }), code('wrong-code'));
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    for (const factorAt of [at(-11), at(5)])
      await assert.rejects(ask({ otp: undefined, factorAt }), code('second-factor-needed'));
    await ask({ otp: undefined, factorAt: at(-9) });
    service.left.add(key.staffId);
    await assert.rejects(ask({}), code('not-active'));
  });

  it('refuses what was authorised when the key was held or revoked since', async () => {
    const key = await service.make();
    const { credentialId } = key;
    const { sad } = await service.authorise(key, [hashOf('a')]);
    await service.hub.call('key-service.revoke', { credentialId, reason: 'mất thiết bị', actor: 'test' });
    assert.deepEqual(await sign(credentialId, sad, [hashOf('a')]), { state: 'unable', reason: 'revoked' });
    await assert.rejects(service.authorise(key, [hashOf('a')]), code('signing-key-not-active'));
    await assert.rejects(
      service.hub.call('key-service.revoke', { credentialId, reason: 'lần nữa', actor: 'test' }),
      code('unknown-signing-key'),
    );
  });

  it('counts wrong PINs, many at once too, and holds the key after five', async () => {
    const key = await service.make();
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => service.authorise(key, [hashOf('a')], { pin: '000000' })),
    );
    const codes = tries.map(one => (one as PromiseRejectedResult).reason.code as string);
    assert.equal(codes.filter(one => one === 'wrong-pin').length, 5);
    assert.equal(codes.filter(one => one === 'signing-key-not-active').length, 7);
    await assert.rejects(service.authorise(key, [hashOf('a')]), code('signing-key-not-active'));
    const { rows } = await sql`select 1 from audit where action = 'signing-key.wrong-pin'
      and object = ${`signing-key/${key.credentialId}`}`.execute(service.hub.db);
    assert.equal(rows.length, 5);
  });

  it('forgets wrong PINs with the right one', async () => {
    const key = await service.make();
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < 4; at += 1)
        await assert.rejects(
          service.authorise(key, [hashOf('a')], { pin: '000000' }),
          (error: { params?: object }) => (error.params as { left: number }).left === 4 - at,
        );
      await service.authorise(key, [hashOf('a')]);
    }
  });

  it("lets an organisation's clerks sign with its key, and nobody else", async () => {
    const [unitId, clerk] = [randomUUID(), randomUUID()];
    const subject = { CN: 'Sở Tài chính' };
    const made = await service.hub.call('key-service.create', {
      ...{ unitId, subject, algorithm: 'ec-p256' as const, pin, actor: 'test' },
    });
    const { credentialId } = made;
    const certificate = service.certify(made.request).toString('base64');
    await service.hub.call('key-service.install', { credentialId, certificate, chain: [], actor: 'test' });
    const key = { credentialId, staffId: clerk };
    await assert.rejects(service.authorise(key, [hashOf('a')]), code('unknown-signing-key'));
    const setHolders = (staffIds: string[]) =>
      service.hub.call('key-service.set-holders', { credentialId, staffIds, actor: 'test' });
    await setHolders([clerk]);
    const { sad } = await service.authorise(key, [hashOf('a')]);
    await setHolders([]);
    assert.deepEqual(await sign(credentialId, sad, [hashOf('a')]), {
      state: 'unable',
      reason: 'not-theirs',
    });
  });

  it('takes no certificate of another key', async () => {
    const one = await service.make();
    const subject = { CN: 'Khác' };
    const { credentialId } = await service.hub.call('key-service.create', {
      ...{ staffId: one.staffId, subject, algorithm: 'ec-p256' as const, pin, actor: 'test' },
    });
    const certificate = one.certificate.raw.toString('base64');
    await assert.rejects(
      service.hub.call('key-service.install', { credentialId, certificate, chain: [], actor: 'test' }),
      code('certificate-not-of-key'),
    );
  });

  it('lets a holder choose their PIN with a code, and signs nothing before', async () => {
    const staffId = randomUUID();
    const subject = { CN: 'Mới' };
    const made = await service.hub.call('key-service.create', {
      ...{ staffId, subject, algorithm: 'ec-p256' as const, actor: 'test' },
    });
    const { credentialId } = made;
    assert.match(made.code!, /^[2-9A-Z]{10}$/);
    const certificate = service.certify(made.request).toString('base64');
    await service.hub.call('key-service.install', { credentialId, certificate, chain: [], actor: 'test' });
    const key = { credentialId, staffId };
    await assert.rejects(service.authorise(key, [hashOf('a')], { pin: made.code }), code('pin-not-chosen'));
    const choose = (more: object) =>
      service.hub.call('key-service.choose-pin', {
        ...{ credentialId, staffId, current: made.code!, pin, otp, ...more },
      });
    await assert.rejects(choose({ staffId: randomUUID() }), code('unknown-signing-key'));
    await assert.rejects(choose({ pin: '123456' }), code('pin-too-simple'));
    await assert.rejects(choose({ otp: undefined }), code('second-factor-needed'));
    await assert.rejects(choose({ current: 'WRONG23456' }), code('wrong-pin'));
    // As people copy it from paper.
    await choose({ current: `${made.code!.slice(0, 5)}-${made.code!.slice(5)}`.toLowerCase() });
    await service.authorise(key, [hashOf('a')]);
    await assert.rejects(choose({}), code('wrong-pin'));
    await choose({ current: pin, pin: 'mật khẩu khác' });
    await service.authorise(key, [hashOf('a')], { pin: 'mật khẩu khác' });
  });
});
