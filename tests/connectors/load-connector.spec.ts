import assert from 'node:assert/strict';
import { checkSettings } from '#connectors/kit/check-settings.ts';
import { type ConfigSchema, ConnectorSetupError } from '#connectors/kit/connector-folder.ts';
import { listConnectors, loadConnector } from '#connectors/kit/load-connector.ts';

const good = { baseUrl: 'https://app.test', apiKey: 'secret-key-123' };
const faultOf = async (work: Promise<unknown>): Promise<ConnectorSetupError> => {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ConnectorSetupError, String(error));
    return error;
  }
  throw new Error('it should have failed');
};

describe('the connector loader', () => {
  it('finds every folder but the kit and the template, without a list', () => {
    const ids = listConnectors().map(folder => folder.id);
    for (const id of ['operations-page', 'portal']) assert.ok(ids.includes(id), id);
    assert.ok(!ids.includes('kit') && !ids.includes('_template'));
    assert.deepEqual(ids, [...ids].sort());
  });

  it('makes a connector with exactly the ports of its manifest, and fills defaults in', async () => {
    const { manifest, instance, guardSettings } = await loadConnector('operations-page', good, {
      perSecond: 20,
    });
    assert.deepEqual(Object.keys(instance.ports).sort(), [...manifest.ports].sort());
    assert.deepEqual(
      [guardSettings.perSecond, guardSettings.timeoutMs, guardSettings.maxBytes],
      [20, 10_000, 20_000_000],
    );
  });

  it('names every setting at fault by pointer and title, and no value', async () => {
    const fault = await faultOf(
      loadConnector('operations-page', { baseUrl: 'ftp://secret.test', apikey: 'secret-value' }),
    );
    assert.deepEqual([...fault.fields].sort(), ['/apiKey', '/apikey', '/baseUrl']);
    assert.match(fault.message, /^connector operations-page: settings: /);
    assert.match(fault.message, /\/apiKey \(Khóa API\) is missing/);
    assert.match(fault.message, /\/apikey is not a setting/);
    assert.doesNotMatch(fault.message, /secret/);
  });

  it('checks the limits as well', async () => {
    const fault = await faultOf(loadConnector('operations-page', good, { timeoutMs: 1 }));
    assert.deepEqual(fault.fields, ['/timeoutMs']);
  });

  it('leaves the settings that it was given as they were', () => {
    const schema: ConfigSchema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'x',
      type: 'object',
      properties: { path: { type: 'string', title: 'Đường dẫn', default: '/api' } },
    };
    const given = {};
    assert.deepEqual(checkSettings('x', schema, given), { path: '/api' });
    assert.deepEqual(given, {});
    assert.throws(() => checkSettings('x', schema, null), ConnectorSetupError);
  });

  it('refuses a connector that is not there, and names those that are', async () => {
    for (const id of ['no-such-app', 'kit', '_template', '../hub', '__proto__'])
      assert.match((await faultOf(loadConnector(id, {}))).message, /no such folder; known are .*portal/);
  });
});
