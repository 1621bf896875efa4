import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type ConfigSchema, ConnectorSetupError } from './connector-folder.ts';

// The package is CommonJS with a default export: its types nest one level deeper than what arrives.
const addFormats = formats as unknown as typeof formats.default;

const fieldOf = (error: ErrorObject): string => {
  const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>;
  const last = missingProperty ?? additionalProperty;
  return last === undefined ? error.instancePath : `${error.instancePath}/${last}`;
};

const tell = (error: ErrorObject, schema: ConfigSchema): string => {
  const field = fieldOf(error);
  const title = schema.properties?.[field.split('/')[1] ?? '']?.title;
  const problem =
    error.keyword === 'required'
      ? 'is missing'
      : error.keyword === 'additionalProperties'
        ? 'is not a setting of this connector'
        : (error.message ?? 'is wrong');
  return `${field || '/'}${title === undefined ? '' : ` (${title})`} ${problem}`;
};

/**
 * Answers a copy of `settings` with the schema's defaults filled in. Throws {@link ConnectorSetupError} that
 * names every field at fault by pointer and title, never a value: it may be a secret.
 */
export const checkSettings = (connector: string, schema: ConfigSchema, settings: unknown): unknown => {
  const ajv = new Ajv2020({ allErrors: true, useDefaults: true, strict: true, strictRequired: false });
  addFormats(ajv);
  const checked: unknown = structuredClone(settings);
  const validate = ajv.compile(schema);
  if (validate(checked)) return checked;
  const errors = validate.errors ?? [];
  throw new ConnectorSetupError(
    connector,
    `settings: ${errors.map(error => tell(error, schema)).join('; ')}`,
    errors.map(fieldOf),
  );
};
