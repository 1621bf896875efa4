import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createApps from '#hub/apps/apps.service.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const root = join(import.meta.dirname, '..', '..');

describe('The program that makes the first client', () => {
  let hub: TestHub;
  let dataDir: string;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lienthong-test-'));
    hub = await createTestHub([createApps]);
  });
  after(async () => {
    await hub.stop();
    await rm(dataDir, { recursive: true });
  });

  const run = (args: string[], env: Record<string, string>): Promise<{ code: number; out: string }> =>
    new Promise(resolve => {
      execFile(
        process.execPath,
        ['hub/apps/cli/make-client.ts', ...args],
        { cwd: root, env: { ...process.env, LIENTHONG_DATA: dataDir, ...env } },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), out: stdout || stderr }),
      );
    });

  it('prints a secret that the token endpoint takes, and refuses the same id a second time', async () => {
    const env = { DATABASE_URL: hub.databaseUrl };
    const { code, out } = await run(['quan-tri', 'admin'], env);
    assert.equal(code, 0, out);
    const made = JSON.parse(out) as { client_id: string; client_secret: string };
    const known = await hub.call('apps.sign-on-client', { clientId: made.client_id });
    assert.deepEqual(known?.scopes, ['admin']);
    assert.deepEqual(known?.secretHashes, [createHash('sha256').update(made.client_secret).digest('hex')]);
    assert.deepEqual([(await run(['quan-tri', 'admin'], env)).code], [1]);
    assert.equal((await run(['khac', 'everything'], env)).code, 1);
  });

  it('says what is missing when it is called wrongly or no server runs', async () => {
    assert.equal((await run([], {})).code, 2);
    const { code, out } = await run(['quan-tri', 'admin'], { DATABASE_URL: '' });
    assert.equal(code, 2);
    assert.match(out, /LIENTHONG_DATA/);
  });
});
