import assert from 'node:assert/strict';
import { checkConnector } from '#connectors/kit/check-connector.ts';
import { createGuard } from '#connectors/kit/guard.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import { startSandbox } from '#tests/connectors/start-sandbox.ts';

describe('npm run connector:check of a signing service', () => {
  for (const id of ['csc-signer', 'smartca', 'mysign'])
    it(`counts the test user's certificates and asks nobody to sign: ${id}`, async () => {
      const started = await startSandbox(id);
      try {
        const { instance, guardSettings } = await loadConnector(id, started.settings);
        const lines = await checkConnector(instance, createGuard(guardSettings));
        assert.deepEqual(
          lines.map(({ step, ok, detail }) => [step, ok, detail]),
          [
            ['ping', true, ''],
            ['signer.certificates', true, '1'],
          ],
        );
        assert.equal(started.signer!.asked(), 0);
      } finally {
        await started.app.stop();
      }
    });
});
