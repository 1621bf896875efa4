import { execFileSync } from 'node:child_process';
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createKeyService from '#hub/key-service/key-service.service.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { CreatePart, Part } from '#hub/platform/part.ts';
import type { KeyAlgorithm } from '#schemas/signer.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

export const pin = '975310';
/** The right code of everybody's second factor. */
export const otp = '123456';
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');
export const code = (wanted: string) => (error: unknown) =>
  error instanceof AppError && error.code === wanted;

/** The register and the sign-on, as far as the key service asks them: everybody is there who is not in `left`. */
export const playStaff = (left: Set<string>): Part => ({
  name: 'staff',
  actions: {
    'staff.account': async (by: { id?: string; username?: string }) => ({
      id: by.id ?? '00000000-0000-4000-8000-000000000001',
      name: 'Lê Thị Đào',
      status: left.has(by.id ?? '') ? 'left' : 'active',
      unitName: 'Sở Tài chính',
      units: [],
    }),
    'units.get': async ({ id }: { id: string }) => ({ id, name: 'Sở Tài chính' }),
    'sso.check-code': async (given: { code: string }) => ({ ok: given.code === otp }),
  } as unknown as Part['actions'],
});

/** The signing part, as far as the key service asks it where no time-stamp authority is set up. */
const playSigning: Part = {
  name: 'signing',
  actions: { 'signing.offers': async () => ({ timeStamps: false }) },
};

/** An authority of openssl's in a folder: certificates from requests. */
const createIssuer = (folder: string) => {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ca = ['-subj', '/CN=CA', '-keyout', 'ca.key', '-out', 'ca.pem'];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...ca);
  return (request: string, days = 90): Buffer => {
    writeFileSync(join(folder, 'one.csr'), Buffer.from(request, 'base64'));
    const read = ['-inform', 'DER', '-in', 'one.csr'];
    openssl('req', ...read, '-verify', '-noout');
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', String(days)];
    openssl('x509', '-req', ...read, ...by, '-outform', 'DER', '-out', 'one.der');
    return readFileSync(join(folder, 'one.der'));
  };
};

export interface KeyServiceUnderTest {
  hub: TestHub;
  folder: string;
  left: Set<string>;
  certify(request: string, days?: number): Buffer;
  /** A key with its certificate and PIN. */
  make(
    algorithm?: KeyAlgorithm,
    staffId?: string,
  ): Promise<{ credentialId: string; staffId: string; certificate: X509Certificate }>;
  authorise(
    key: { credentialId: string; staffId: string },
    hashes: string[],
    more?: object,
  ): Promise<{ sad: string; expiresAt: string }>;
  stop(): Promise<void>;
}

/** The key service with a token of SoftHSM in a folder of its own. `signing`: the real part instead of a played one. */
export const startKeyService = async (
  options: { signing?: CreatePart } = {},
): Promise<KeyServiceUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-token-'));
  const left = new Set<string>();
  const { signing } = options;
  const hub = await createTestHub(signing === undefined ? [createKeyService] : [createKeyService, signing], {
    stubs: [playStaff(left), ...(signing === undefined ? [playSigning] : [])],
    config: { dataDir: folder },
  });
  const certify = createIssuer(folder);
  return {
    ...{ hub, folder, left, certify },
    async make(algorithm = 'ec-p256', staffId = randomUUID()) {
      const subject = { CN: 'Lê Thị Đào', O: 'Sở Tài chính', C: 'VN' };
      const made = await hub.call('key-service.create', { staffId, subject, algorithm, pin, actor: 'test' });
      const certificate = certify(made.request);
      const { credentialId } = made;
      await hub.call('key-service.install', {
        credentialId,
        certificate: certificate.toString('base64'),
        chain: [],
        actor: 'test',
      });
      return { credentialId, staffId, certificate: new X509Certificate(certificate) };
    },
    authorise: ({ credentialId, staffId }, hashes, more = {}) =>
      hub.call('key-service.authorise', { credentialId, approver: staffId, hashes, pin, otp, ...more }),
    async stop() {
      await hub.stop();
      rmSync(folder, { recursive: true });
    },
  };
};
