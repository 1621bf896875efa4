import { type ConnectorManifest, GuardSettings } from '#schemas/connector.ts';
import { checkSettings } from './check-settings.ts';
import {
  type ConfigSchema,
  type ConnectorFolder,
  ConnectorSetupError,
  listConnectorIds,
  readConnectorFolder,
} from './connector-folder.ts';
import type { Connector, ConnectorInstance } from './define-connector.ts';
import { portMethods } from './port-methods.ts';
import type { PortName } from './ports.ts';

/** A connector that is ready to be called, and the limits (defaults filled in) to make its guard from. */
export interface LoadedConnector {
  manifest: ConnectorManifest;
  instance: ConnectorInstance;
  guardSettings: GuardSettings;
}

/** Every folder of `connectors/` but the kit and the template. Throws on the first one that is broken. */
export const listConnectors = (): ConnectorFolder[] => listConnectorIds().map(readConnectorFolder);

/** A connector that declares what it cannot do, or can do what it does not declare, is not started. */
const checkPorts = (id: string, manifest: ConnectorManifest, instance: ConnectorInstance): void => {
  const offered = Object.keys(instance.ports).sort();
  const declared = [...manifest.ports].sort();
  if (offered.join() !== declared.join())
    throw new ConnectorSetupError(
      id,
      `manifest.json declares the ports [${declared.join(', ')}] but connector.ts offers [${offered.join(', ')}]`,
    );
  for (const name of offered as PortName[])
    for (const method of portMethods[name])
      if (typeof (instance.ports[name] as unknown as Record<string, unknown>)[method] !== 'function')
        throw new ConnectorSetupError(id, `the port ${name} has no ${method}()`);
};

/**
 * Makes a connector from its settings (checked against its `config.schema.json`, defaults filled in) and its
 * limits. Calls nobody. Throws {@link ConnectorSetupError} that names the field or the port at fault.
 */
export const loadConnector = async (
  id: string,
  settings: unknown,
  guard: Partial<GuardSettings> = {},
): Promise<LoadedConnector> => {
  const { manifest, configSchema } = readConnectorFolder(id);
  const checked = checkSettings(id, configSchema, settings);
  const limits = checkSettings(id, GuardSettings as unknown as ConfigSchema, guard) as GuardSettings;
  const module = (await import(`#connectors/${id}/connector.ts`)) as { default?: Connector<unknown> };
  if (typeof module.default !== 'function')
    throw new ConnectorSetupError(id, 'connector.ts has no default export made by defineConnector()');
  const instance = module.default({ settings: checked, maxBytes: limits.maxBytes });
  checkPorts(id, manifest, instance);
  return { manifest, instance, guardSettings: limits };
};
