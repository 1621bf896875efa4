import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Compile } from 'typebox/compile';
import { ConnectorManifest } from '#schemas/connector.ts';

/** `config.schema.json`: a JSON Schema 2020-12 object, each property with a title to draw a form from. */
export interface ConfigSchema {
  $schema: string;
  title: string;
  type: 'object';
  properties: Record<string, Record<string, unknown> & { title: string; format?: string; default?: unknown }>;
  required?: string[];
  additionalProperties?: boolean;
}

/** A folder of `connectors/` as it lies on disk, its manifest checked; no code of it has run yet. */
export interface ConnectorFolder {
  id: string;
  /** Absolute path. */
  path: string;
  manifest: ConnectorManifest;
  configSchema: ConfigSchema;
}

/** A connector that cannot be used: a bad folder, bad settings, or ports that differ from its manifest. */
export class ConnectorSetupError extends Error {
  readonly connector: string;
  /** Settings at fault, by JSON pointer (`/baseUrl`). */
  readonly fields: string[];

  constructor(connector: string, problem: string, fields: string[] = []) {
    super(`connector ${connector}: ${problem}`);
    this.name = 'ConnectorSetupError';
    this.connector = connector;
    this.fields = fields;
  }
}

const shelf = dirname(import.meta.dirname);
const notConnectors = ['kit', '_template'];
const manifestCheck = Compile(ConnectorManifest);

/** The names of all connector folders, in alphabetical order. A new folder is found without any list. */
export const listConnectorIds = (): string[] =>
  readdirSync(shelf, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !notConnectors.includes(entry.name))
    .map(entry => entry.name)
    .sort();

const readJson = (id: string, file: string): unknown => {
  try {
    return JSON.parse(readFileSync(join(shelf, id, file), 'utf8'));
  } catch (error) {
    throw new ConnectorSetupError(id, `${file} cannot be read: ${(error as Error).message}`);
  }
};

/** Reads one folder. Throws {@link ConnectorSetupError} when there is none or when its manifest is wrong. */
export const readConnectorFolder = (id: string): ConnectorFolder => {
  if (!listConnectorIds().includes(id))
    throw new ConnectorSetupError(
      id,
      `there is no such folder; known are ${listConnectorIds().join(', ') || 'none'}`,
    );
  const manifest = readJson(id, 'manifest.json');
  if (!manifestCheck.Check(manifest)) {
    const [first] = manifestCheck.Errors(manifest);
    throw new ConnectorSetupError(id, `manifest.json ${first?.instancePath || '/'}: ${first?.message ?? ''}`);
  }
  if (manifest.id !== id)
    throw new ConnectorSetupError(id, `manifest.json says id "${manifest.id}", the folder "${id}"`);
  if (!existsSync(join(shelf, id, 'connector.ts')))
    throw new ConnectorSetupError(id, 'connector.ts is missing');
  const configSchema = readJson(id, 'config.schema.json') as ConfigSchema;
  return { id, path: join(shelf, id), manifest, configSchema };
};
