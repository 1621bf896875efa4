import type { FlowField, FlowOperation } from '#schemas/flow-forms.ts';

/** What is read of a JSON Schema. */
interface Schema {
  type?: string | string[];
  enum?: unknown[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
}
interface Operation {
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  security?: Record<string, string[]>[];
}
/** What is read of an OpenAPI document. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
}

const typeOf = ({ type }: Schema): FlowField['type'] => {
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'string' || type === 'boolean' ? type : 'json';
};

const fieldOf = (name: string, schema: Schema, required: boolean, description?: string): FlowField => {
  const words = description ?? schema.description;
  return {
    name,
    required,
    type: typeOf(schema),
    ...(words === undefined ? {} : { description: words }),
    ...(schema.enum === undefined ? {} : { options: schema.enum.map(String) }),
  };
};

const membersOf = ({ properties = {}, required = [], allOf = [] }: Schema): FlowField[] => [
  ...Object.entries(properties).map(([name, schema]) => fieldOf(name, schema, required.includes(name))),
  ...allOf.flatMap(membersOf),
];

/** Whether a token with these scopes may ask for it. */
const isOpen = ({ security = [] }: Operation, scopes: string[]): boolean =>
  scopes.includes('admin') ||
  security.length === 0 ||
  security.some(way =>
    Object.values(way)
      .flat()
      .every(scope => scopes.includes(scope)),
  );

/** What a flow's request can be: JSON, or none. A file, or a stream, cannot be asked for. */
const bodyOf = ({ requestBody }: Operation): FlowOperation['body'] | 'not-json' => {
  if (requestBody === undefined) return undefined;
  const json = requestBody.content?.['application/json'];
  return json === undefined ? 'not-json' : { members: membersOf(json.schema ?? {}) };
};

/** The operations of the API that a token with these scopes may ask for, as forms need them. Pure. */
export const operationsOf = ({ paths }: ApiDocument, scopes: string[]): FlowOperation[] =>
  Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const body = bodyOf(operation);
        if (!isOpen(operation, scopes) || body === 'not-json') return [];
        const { tags = [], summary = '', description, parameters = [] } = operation;
        const of = (place: string): FlowField[] =>
          parameters
            .filter(parameter => parameter.in === place)
            .map(({ name, required, schema = {}, description: words }) =>
              fieldOf(name, schema, required === true, words),
            );
        return [
          {
            method: method.toUpperCase() as FlowOperation['method'],
            path,
            tag: tags[0] ?? '',
            summary,
            ...(description === undefined ? {} : { description }),
            parameters: of('path'),
            query: of('query'),
            ...(body === undefined ? {} : { body }),
          },
        ];
      }),
    );
