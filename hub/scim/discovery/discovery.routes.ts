import { Reply, type Route } from '#hub/platform/http/route.ts';
import {
  describeResourceTypes,
  describeSchemas,
  describeService,
} from '#hub/scim/discovery/describe-service.ts';
import { renderScimError, ScimError, scimType } from '#hub/scim/scim-error.ts';
import type { ScimObject } from '#schemas/scim.ts';

const common = { scope: 'scim', tag: 'scim', renderError: renderScimError } as const;

/** One address that describes the service. A filter is refused (RFC 7644 §4): everything is told at once. */
const told = (path: string, summary: string, describe: (id?: string) => ScimObject): Route => ({
  ...common,
  method: 'GET',
  path: `/scim/v2${path}`,
  summary,
  async handle({ params, query }) {
    if (query.filter !== undefined) throw new ScimError('filter-not-here');
    return new Reply(200, describe(params.id), { 'content-type': scimType });
  },
});

/** Where the RFC searches all kinds of resources at once. */
const missing = (method: Route['method'], path: string): Route => ({
  ...common,
  method,
  path: `/scim/v2${path}`,
  summary: 'Not there: people and units are searched apart',
  async handle() {
    throw new ScimError('search-by-kind');
  },
});

/** What the service is. A search through all kinds of resources at once (RFC 7644 §3.4.2.1) is not there. */
export const discoveryRoutes = (origin: string): Route[] => {
  const base = `${origin}/scim/v2`;
  return [
    told('/ServiceProviderConfig', 'What of SCIM is spoken here', () => describeService(base)),
    told('/Schemas', 'Every attribute', () => describeSchemas(base)),
    told('/Schemas/{id}', 'The attributes of one schema', id => describeSchemas(base, id)),
    told('/ResourceTypes', 'Kinds of resources', () => describeResourceTypes(base)),
    told('/ResourceTypes/{id}', 'One kind of resource', id => describeResourceTypes(base, id)),
    missing('GET', ''),
    missing('POST', '/.search'),
  ];
};
