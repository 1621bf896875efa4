import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figure, round } from '#bench/support/figure.ts';
import createKeyService from '#hub/key-service/key-service.service.ts';
import { createTokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { findSoftHsm } from '#hub/platform/embedded/find-softhsm.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import { createFileWorkers, type FileWorkers } from '#hub/signing/file-workers.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests, listRequests } from '#hub/signing/request-store.ts';
import createSigning from '#hub/signing/signing.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { startAuthority } from '#sandbox/authority/start-authority.ts';
import { drawSeal } from '#sandbox/signing/draw-pictures.ts';
import type { Appearance, SigningLevel } from '#schemas/signing.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { stopTestServices } from '#tests/support/services.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const pin = '135790';
/** Hashes of one authorisation, as the clerk's batch has them. */
const batch = 300;

/** A page with a picture's worth of bytes: 200 KB. */
const makeFile = (): Buffer => {
  const data = randomBytes(100_000).toString('hex');
  return onePage({ more: [`<< /Length ${data.length} >>\nstream\n${data}\nendstream`] });
};

interface Desk {
  hub: TestHub;
  workers: FileWorkers;
  leader: string;
}

/** Documents a second from their arrival to `returned`, everything kept in PostgreSQL; and the pace of each batch. */
const signRow = async (
  { hub, workers, leader }: Desk,
  count: number,
  given: { level?: SigningLevel; appearance?: Appearance },
): Promise<{ perSecond: number; paces: number[]; last: string }> => {
  const paces: number[] = [];
  let last = '';
  const began = performance.now();
  for (let done = 0; done < count; done += batch) {
    const batchBegan = performance.now();
    const size = Math.min(batch, count - done);
    await Promise.all(
      Array.from({ length: size }, async (_, at) => {
        const steps = [{ signer: { staffId: leader }, ...given }];
        const input = {
          documentId: `${done + at}-${randomBytes(4).toString('hex')}`,
          title: 'Quyết định',
          fileName: 'a.pdf',
          steps,
        };
        ({ id: last } = await receiveRequest(
          { ...hub.context, workers },
          { input, file: makeFile(), appId: 'portal', actor: 'bench' },
        ));
      }),
    );
    const stepIds = (await hub.call('signing.waiting', { staffId: leader })).map(({ stepId }) => stepId);
    const factorAt = new Date().toISOString();
    const decision = { staffId: leader, stepIds, decision: 'approve' as const, pin, factorAt };
    await hub.call('signing.decide', decision, { timeoutMs: 120_000 });
    const isOpen = {
      appId: undefined,
      state: 'waiting',
      documentId: undefined,
      batchId: undefined,
      before: undefined,
      limit: 1,
    };
    await waitUntil('the batch is returned', async () => (await listRequests(hub.db, isOpen)).length === 0, {
      withinMs: 120_000,
      everyMs: 5,
    });
    paces.push(size / ((performance.now() - batchBegan) / 1000));
  }
  return { perSecond: count / ((performance.now() - began) / 1000), paces, last };
};

/** `C_Sign` of RSA-2048 a second, by the same module in a process of its own, as many at once as the key service has. */
const rawRate = async (folder: string, count: number): Promise<number> => {
  const module = await findSoftHsm({ cacheDir: folder, log: { warn() {} } as never });
  const env = { SOFTHSM2_CONF: join(folder, 'softhsm', 'softhsm2.conf') };
  const options = { module: module!, label: 'bare', pin: '12345678', create: true, sessions: 4 };
  const token = createTokenClient(options, { env, log: { error() {} } as never });
  try {
    await token.generate('bare', 'rsa-2048');
    const hashes = Array.from({ length: batch }, () => createHash('sha256').update(randomBytes(8)).digest());
    await token.sign('bare', hashes);
    const began = performance.now();
    for (let done = 0; done < count; done += batch) await token.sign('bare', hashes);
    return count / ((performance.now() - began) / 1000);
  } finally {
    await token.stop();
  }
};

const openDesk = async (
  folder: string,
  authority: Awaited<ReturnType<typeof startAuthority>>,
): Promise<Desk> => {
  const sso: Part = { name: 'sso', actions: { 'sso.roles': async () => [], 'apps.list': async () => [] } };
  const create = [createUnits, createStaff, createKeyService, createSigning];
  const hub = await createTestHub(create, { stubs: [sso], config: { dataDir: folder } });
  const change = { origin: '1', record: { name: 'Phạm Thị Đức', code: '000001' } };
  const [outcome] = await hub.call('staff.apply', { changes: [change], source: 'bench', actor: 'bench' });
  const leader = outcome!.staffId!;
  await hub.call('signing.set-settings', {
    timeStampUrl: authority.timeStampUrl,
    roots: [authority.root.toString('base64')],
    intermediates: [authority.issuing.toString('base64')],
    actor: 'bench',
  });
  const subject = { CN: 'Phạm Thị Đức', C: 'VN' };
  const { credentialId, request } = await hub.call('key-service.create', {
    staffId: leader,
    subject,
    pin,
    actor: 'bench',
  });
  const certificate = await authority.issue({ request: Buffer.from(request, 'base64'), purpose: 'person' });
  const chain = [authority.issuing.toString('base64')];
  await hub.call('key-service.install', {
    credentialId,
    certificate: certificate.toString('base64'),
    chain,
    actor: 'bench',
  });
  await hub.call('signing.set-image', {
    staffId: leader,
    png: drawSeal().toString('base64'),
    actor: 'bench',
  });
  return { hub, workers: createFileWorkers(), leader };
};

/** Rows of documents through the whole path against the token alone, and verification. */
export const run = async (count: number): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const authority = await startAuthority();
  const desk = await openDesk(folder, authority);
  try {
    await signRow(desk, batch, {});
    const raw = await rawRate(folder, 3000);
    const plain = await signRow(desk, count, { appearance: { kind: 'none' } });
    const rectangle = { x: 300, y: 100, width: 100, height: 100 };
    const seal = await signRow(desk, count, { appearance: { kind: 'seal', page: 1, rectangle } });
    const lta = await signRow(desk, 1, { level: 'B-LTA' });
    const [request] = await findRequests(desk.hub.db, [lta.last]);
    const file = await readFile(desk.hub.db, request!);
    const began = performance.now();
    for (let nr = 0; nr < 50; nr += 1) await verifyPdf(file, { roots: [authority.root] });
    const verified = 50 / ((performance.now() - began) / 1000);
    const [first, end] = [plain.paces[0]!, plain.paces.at(-1)!];
    const share = (a: number, b: number): string =>
      `${round(a, 0)} / ${round(b, 0)} = ${round((a / b) * 100, 0)} %`;
    return [
      figure(
        'documents/s from arrival to returned (200 KB, B-B, RSA-2048 in SoftHSM) against bare C_Sign',
        share(plain.perSecond, raw),
        '≥ 70 %',
        plain.perSecond / raw >= 0.7,
      ),
      figure(
        'with a visible seal against invisible',
        share(seal.perSecond, plain.perSecond),
        '≥ 80 %',
        seal.perSecond / plain.perSecond >= 0.8,
      ),
      figure(
        `pace of the last ${batch} of ${count} against the first`,
        share(end, first),
        '≥ 90 %',
        end / first >= 0.9,
      ),
      figure('verifications/s of a B-LTA file', round(verified, 0), '≥ 20', verified >= 20),
      figure(
        'memory (RSS) meanwhile',
        `${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`,
        '< 400 MB',
        process.memoryUsage().rss < 400 * 2 ** 20,
      ),
    ];
  } finally {
    await desk.workers.stop();
    await desk.hub.stop();
    await authority.stop();
    await stopTestServices();
    rmSync(folder, { recursive: true });
  }
};
