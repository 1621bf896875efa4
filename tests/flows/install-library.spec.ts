import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installLibrary } from '#flows/library/install-library.ts';
import { readLibrary } from '#flows/library/read-library.ts';
import createFlows from '#hub/flows/flows.service.ts';
import type { Part } from '#hub/platform/part.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('A new hub', () => {
  let hub: TestHub;
  let dataDir: string;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'lienthong-flows-'));
    const apps: Part = { name: 'apps', actions: { 'apps.list': async () => [{ id: 'flows' }] as never } };
    hub = await createTestHub([createFlows], { stubs: [apps], config: { dataDir } });
  });
  afterEach(async () => {
    await hub.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const library = readLibrary();
  const install = (profile: 'sandbox' | 'production') =>
    installLibrary({ call: hub.call, config: { ...hub.context.config, profile } });
  const current = async () => (await hub.call('flows.current', { stage: 'sandbox' }))!;
  const tabs = async (): Promise<unknown[][]> =>
    (await current()).contents
      .filter(({ type }) => type === 'tab')
      .map(({ id, disabled }) => [id, disabled === true])
      .sort();

  it('has the library with its cases as its first version, and runs it in the sandbox', async () => {
    await install('sandbox');
    assert.deepEqual(
      await tabs(),
      library.map(({ id }) => [id, false]),
    );
    const cases = await hub.call('flows.cases', {});
    assert.equal(cases.length, library.flatMap(flow => flow.cases).length);
  });
  it('leaves every flow off in production until the IT centre turns it on', async () => {
    await install('production');
    assert.deepEqual(
      await tabs(),
      library.map(({ id }) => [id, true]),
    );
  });
  it('keeps what people made of it', async () => {
    await install('sandbox');
    const { version } = await current();
    await hub.call('flows.deploy', {
      ...{ base: version.number, contents: [{ id: 'a', type: 'tab' }], credentials: {}, message: 'ít hơn' },
      ...{ author: 'staff/1', authorName: 'Nguyễn Văn Bình' },
    });
    await install('sandbox');
    assert.deepEqual(await tabs(), [['a', false]]);
  });
});
