import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { checkSettings } from '#connectors/kit/check-settings.ts';
import {
  ConnectorSetupError,
  listConnectorIds,
  readConnectorFolder,
} from '#connectors/kit/connector-folder.ts';
import { portMethods } from '#connectors/kit/port-methods.ts';
import { accountAttributes } from '#schemas/account.ts';

for (const id of listConnectorIds()) {
  describe(`the folder connectors/${id}`, () => {
    const { manifest, configSchema, path } = readConnectorFolder(id);

    it('offers known ports, and attributes that the register has', () => {
      assert.ok(manifest.ports.length > 0);
      for (const port of manifest.ports) assert.ok(port in portMethods, port);
      for (const attribute of manifest.accountAttributes ?? [])
        assert.ok((accountAttributes as readonly string[]).includes(attribute), attribute);
      if (manifest.ports.includes('accounts')) assert.ok((manifest.accountAttributes ?? []).length > 0);
    });

    it('says why where its quality is not done', () => {
      assert.ok(Object.keys(manifest.quality).length > 0);
      for (const [name, { state, why }] of Object.entries(manifest.quality))
        if (state !== 'done') assert.ok((why ?? '').length > 10, `${name} is ${state} without a reason`);
    });

    it('has a README that helps at the vendor and in trouble', () => {
      const readme = readFileSync(join(path, 'README.md'), 'utf8');
      assert.match(readme, /^# .+/);
      assert.ok(readme.length > 800, `${readme.length} characters`);
      for (const [what, word] of Object.entries({
        setup: /set(ting)? (it )?up/i,
        limits: /limit/i,
        trouble: /trouble/i,
      }))
        assert.match(readme, word, `the README says nothing about ${what}`);
    });

    it('has a config schema that a form can be drawn from', () => {
      const ajv = new Ajv2020({ strict: true, strictRequired: false });
      (formats as unknown as typeof formats.default)(ajv);
      assert.ok(ajv.validateSchema(configSchema));
      assert.equal(configSchema.$schema, 'https://json-schema.org/draft/2020-12/schema');
      assert.equal(configSchema.additionalProperties, false, 'a mistyped setting is told');
      assert.ok(configSchema.title);
      for (const [name, property] of Object.entries(configSchema.properties))
        assert.ok(property.title?.length > 2, `${name} has no title`);
    });

    it('refuses settings with a foreign field, by its name', () => {
      assert.throws(
        () => checkSettings(id, configSchema, { notASetting: 'secret-value' }),
        (error: ConnectorSetupError) =>
          error instanceof ConnectorSetupError &&
          error.fields.includes('/notASetting') &&
          !error.message.includes('secret-value'),
      );
    });

    it('has a sandbox app of the same name for the contract', () => {
      const folder = join(path, '..', '..', 'sandbox', id);
      assert.ok(existsSync(join(folder, 'for-contract.ts')), `sandbox/${id}/for-contract.ts is missing`);
    });
  });
}
