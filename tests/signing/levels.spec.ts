import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createKeyService from '#hub/key-service/key-service.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { showRequests } from '#hub/signing/show-request.ts';
import { createSigningWith } from '#hub/signing/signing.service.ts';
import { judgeFile } from '#hub/signing/verify/judge-file.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import type { SigningLevel } from '#schemas/signing.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('Levels of signatures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-levels-'));
  const pin = '135790';
  let authority: RunningAuthority;
  let hub: TestHub;
  let leader: string;
  let serial: string;

  const sso: Part = {
    name: 'sso',
    actions: {
      'sso.roles': async () => [],
      'sso.check-code': async () => ({ ok: true }),
      'apps.list': async () => [],
    },
  };
  before(async () => {
    authority = await startAuthority();
    hub = await createTestHub(
      [createUnits, createStaff, createKeyService, createSigningWith(sharedWorkers)],
      {
        stubs: [sso],
        config: { dataDir: folder },
      },
    );
    const [outcome] = await hub.call('staff.apply', {
      changes: [{ origin: '1', record: { name: 'Phạm Thị Đức', code: '000001' } }],
      source: 'test',
      actor: 'test',
    });
    leader = outcome!.staffId!;
    await hub.call('signing.set-settings', {
      timeStampUrl: authority.timeStampUrl,
      roots: [authority.root.toString('base64')],
      intermediates: [authority.issuing.toString('base64')],
      actor: 'test',
    });
    const made = await hub.call('key-service.create', {
      staffId: leader,
      subject: { CN: 'Phạm Thị Đức', C: 'VN' },
      algorithm: 'ec-p256',
      pin,
      actor: 'test',
    });
    const certificate = await authority.issue({
      request: Buffer.from(made.request, 'base64'),
      purpose: 'person',
    });
    serial = new X509Certificate(certificate).serialNumber;
    await hub.call('key-service.install', {
      credentialId: made.credentialId,
      certificate: certificate.toString('base64'),
      chain: [authority.issuing.toString('base64')],
      actor: 'test',
    });
  });
  after(async () => {
    await hub?.stop();
    await authority?.stop();
    rmSync(folder, { recursive: true });
  });

  let nr = 0;
  const ask = async (level: SigningLevel): Promise<string> => {
    const input = {
      documentId: `VB-${++nr}`,
      title: 'Quyết định',
      fileName: 'quyet-dinh.pdf',
      steps: [{ signer: { staffId: leader }, level }],
    };
    const given = { input, file: onePage(), appId: 'portal', actor: 'client/test' };
    const { id } = await receiveRequest({ ...hub.context, workers: sharedWorkers }, given);
    const [step] = await hub.call('signing.waiting', { staffId: leader });
    const [outcome] = await hub.call('signing.decide', {
      staffId: leader,
      stepIds: [step!.stepId],
      decision: 'approve',
      pin,
      factorAt: new Date().toISOString(),
    });
    assert.deepEqual(outcome, { stepId: step!.stepId, ok: true });
    return id;
  };
  const show = async (id: string) => (await showRequests(hub.db, await findRequests(hub.db, [id])))[0]!;
  const returned = (id: string) =>
    waitUntil('the file is returned', async () => (await show(id)).state === 'returned', {
      withinMs: 20_000,
    });
  const judge = async (id: string) => {
    const [request] = await findRequests(hub.db, [id]);
    return judgeFile({ db: hub.db, workers: sharedWorkers }, await readFile(hub.db, request!));
  };
  const fault = (mode: string) =>
    fetch(`${authority.origin}/_faults`, { method: 'POST', body: JSON.stringify({ mode, path: '/tsa' }) });

  for (const level of ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const)
    it(`are what was asked for, and valid by the hub's own verification (${level})`, async () => {
      const id = await ask(level);
      await returned(id);
      const { verdict, signatures } = await judge(id);
      assert.equal(verdict, 'valid');
      assert.equal(signatures[0]!.level, level);
      assert.equal(signatures[0]!.trusted, true);
      assert.equal(signatures.length, level === 'B-LTA' ? 2 : 1);
    });

  it('wait for the time-stamp authority while it is down or answers wrongly, and are never lowered', async () => {
    for (const mode of ['down', 'wrong-nonce']) {
      await fault(mode);
      const id = await ask('B-T');
      await waitUntil('a reason is told', async () => (await show(id)).steps[0]!.reason !== undefined, {
        withinMs: 10_000,
      });
      assert.equal((await show(id)).state, 'signed');
      await fault('ok');
      await returned(id);
      assert.equal((await judge(id)).signatures[0]!.level, 'B-T');
    }
  });

  it('of a certificate that was revoked before are refused by verification', async () => {
    authority.revoke(serial, 'keyCompromise', new Date(Date.now() - 60_000));
    const id = await ask('B-T');
    await returned(id);
    const { verdict, signatures } = await judge(id);
    assert.equal(verdict, 'invalid');
    assert.equal(signatures[0]!.revocation, 'revoked');
  });
});
