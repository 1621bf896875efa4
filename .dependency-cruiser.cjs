/** The dependency rule of the house (docs/architecture.md). Names are sentences: they are what a breach prints. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(schemas|signature|edxml|connectors|hub|sso|flows|sandbox|bench|tests)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'nothing imports in a circle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('schemas import nothing but schemas', '^schemas/', '^schemas/'),
    only('the making of signatures imports only schemas', '^signature/', '^(schemas|signature)/'),
    only('packages of documents import only schemas', '^edxml/', '^(schemas|edxml)/'),
    only('the kit imports only schemas', '^connectors/kit/', '^(schemas|connectors/kit)/'),
    {
      name: 'a connector imports only the kit, schemas and itself',
      severity: 'error',
      from: { path: '^connectors/(?!kit/)([^/]+)/' },
      to: {
        path: '^(schemas|signature|edxml|connectors|hub|sso|flows|sandbox|bench|tests)/',
        pathNot: '^(schemas|connectors/kit|connectors/$1)/',
      },
    },
    only('the platform imports only schemas', '^hub/platform/', '^(schemas|hub/platform)/'),
    {
      name: 'parts never import each other',
      severity: 'error',
      from: { path: '^hub/(?!platform/)([^/]+)/' },
      to: { path: '^(hub|sso|flows|sandbox)/', pathNot: '^hub/(platform|$1)/' },
    },
    {
      name: 'only the part that runs connectors imports their kit',
      severity: 'error',
      from: { path: '^(hub|sso|flows)/', pathNot: '^hub/connectors/' },
      to: { path: '^connectors/' },
    },
    only('the sign-on imports only the platform and schemas', '^sso/', '^(schemas|hub/platform|sso)/'),
    only('flows import only the platform and schemas', '^flows/', '^(schemas|hub/platform|flows)/'),
    only(
      'the sandbox plays the outside: it imports only schemas and itself',
      '^sandbox/',
      '^(schemas|sandbox)/',
    ),
    {
      name: 'only stores, the database and the migrations speak SQL',
      severity: 'error',
      from: {
        path: '^(hub|sso|flows)/',
        pathNot: '(-store\\.ts|^hub/platform/(database|migrate)\\.ts|^hub/platform/embedded/)',
      },
      to: { path: 'node_modules/(kysely|pg)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports', 'imports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
