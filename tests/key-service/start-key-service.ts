import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createKeyService from '#hub/key-service/key-service.service.ts';
import type { Part } from '#hub/platform/part.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** The key service with a token of SoftHSM in a folder of its own; `123456` is the right code of everybody's second factor. */
export const startKeyService = async (): Promise<{ hub: TestHub; folder: string; stop(): Promise<void> }> => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-token-'));
  const sso: Part = {
    name: 'sso',
    actions: { 'sso.check-code': async ({ code }) => ({ ok: code === '123456' }) },
  };
  const hub = await createTestHub([createKeyService], { stubs: [sso], config: { dataDir: folder } });
  return {
    hub,
    folder,
    async stop() {
      await hub.stop();
      rmSync(folder, { recursive: true });
    },
  };
};
