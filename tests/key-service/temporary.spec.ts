import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  code,
  hashOf,
  type KeyServiceUnderTest,
  pin,
  startKeyService,
} from '#tests/key-service/start-key-service.ts';

describe('A key for the meantime', () => {
  let service: KeyServiceUnderTest;
  before(async () => {
    service = await startKeyService();
  });
  after(() => service.stop());

  const create = (staffId: string, more: object = {}) =>
    service.hub.call('key-service.create-temporary', {
      ...{ staffId, pin, days: 30, factorAt: new Date().toISOString() },
      ...more,
    });
  const rowOf = async (id: string) => {
    const { rows } = await sql<{ subject: Record<string, string>; request: Buffer; notAfter: Date | null }>`
      select subject, request, not_after as "notAfter" from signing_credential where id = ${id}`.execute(
      service.hub.db,
    );
    return rows[0]!;
  };

  it('is made with a PIN of the holder and a fresh second factor, and its request says what it is', async () => {
    const staffId = randomUUID();
    await assert.rejects(create(staffId, { factorAt: undefined }), code('second-factor-needed'));
    await assert.rejects(create(staffId, { pin: '123456' }), code('pin-too-simple'));
    await assert.rejects(create(staffId, { pin: '975' }), code('pin-too-simple'));
    const { credentialId } = await create(staffId);
    const { subject } = await rowOf(credentialId);
    assert.deepEqual(subject, {
      ...{ CN: 'Lê Thị Đào', O: 'Sở Tài chính', OU: 'Chứng thư tạm thời', C: 'VN' },
    });
    assert.equal(
      (await create(staffId, { pin: '864209' })).credentialId,
      credentialId,
      'asked again it is the same',
    );
  });

  it('signs once its certificate came, and ends after its days, however long the certificate lasts', async () => {
    const staffId = randomUUID();
    const { credentialId } = await create(staffId);
    const certificate = service.certify((await rowOf(credentialId)).request.toString('base64'), 90);
    await service.hub.call('key-service.install', {
      ...{ credentialId, certificate: certificate.toString('base64'), chain: [], actor: 'test' },
    });
    const days = ((await rowOf(credentialId)).notAfter!.getTime() - Date.now()) / 86_400_000;
    assert.ok(days > 29.9 && days < 30.1);
    const hashes = [hashOf('một')];
    const { sad } = await service.authorise({ credentialId, staffId }, hashes);
    assert.equal((await service.hub.call('key-service.sign', { credentialId, sad, hashes })).state, 'signed');
    await sql`update signing_credential set not_after = now() - interval '1 second' where id = ${credentialId}`.execute(
      service.hub.db,
    );
    await assert.rejects(
      service.authorise({ credentialId, staffId }, hashes),
      code('signing-key-not-active'),
    );
  });
});
