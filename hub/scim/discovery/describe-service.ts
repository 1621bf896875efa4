import { ScimError } from '#hub/scim/scim-error.ts';
import { type ScimAttribute, type ScimObject, type ScimSchema, scimLimits, scimUrns } from '#schemas/scim.ts';
import { scimSchemas } from '#schemas/scim-schemas.ts';

/** ServiceProviderConfig: what is spoken here (RFC 7643 §5, RFC 9865 §3). Cursors do not expire. */
export const describeService = (base: string): ScimObject => ({
  schemas: [scimUrns.serviceProviderConfig],
  patch: { supported: true },
  bulk: {
    supported: true,
    maxOperations: scimLimits.bulkOperations,
    maxPayloadSize: scimLimits.bulkBytes,
  },
  filter: { supported: true, maxResults: scimLimits.maxPageSize },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: scimLimits.pageSize,
    maxPageSize: scimLimits.maxPageSize,
  },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth 2.0 bearer token',
      description: 'Client credentials at /sso/token, scope scim',
      specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});

const tellAttribute = ({ needs, kept, subAttributes, ...attribute }: ScimAttribute): ScimObject => ({
  ...attribute,
  ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(tellAttribute) }),
});

const tellSchema = (base: string, { attributes, ...schema }: ScimSchema): ScimObject => ({
  schemas: [scimUrns.schema],
  ...schema,
  attributes: attributes.map(tellAttribute),
  meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
});

const resourceTypes = (base: string): ScimObject[] =>
  [
    {
      id: 'User',
      name: 'User',
      description: 'Members of staff',
      endpoint: '/Users',
      schema: scimUrns.user,
      schemaExtensions: [
        { schema: scimUrns.enterpriseUser, required: false },
        { schema: scimUrns.publicServiceUser, required: false },
      ],
    },
    {
      id: 'Group',
      name: 'Group',
      description: 'Units in force',
      endpoint: '/Groups',
      schema: scimUrns.group,
    },
  ].map(type => ({
    schemas: [scimUrns.resourceType],
    ...type,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${type.id}` },
  }));

const list = (items: ScimObject[]): ScimObject => ({
  schemas: [scimUrns.listResponse],
  totalResults: items.length,
  itemsPerPage: items.length,
  startIndex: 1,
  Resources: items,
});

const pick = (items: ScimObject[], id: string | undefined): ScimObject => {
  if (id === undefined) return list(items);
  const item = items.find(one => String(one.id).toLowerCase() === id.toLowerCase());
  if (item === undefined) throw new ScimError('unknown-resource', { id });
  return item;
};

/** All schemas of resources, or one by its URN. @throws {ScimError} 404 */
export const describeSchemas = (base: string, id?: string): ScimObject =>
  pick(
    scimSchemas.map(schema => tellSchema(base, schema)),
    id,
  );

/** All kinds of resources, or one. @throws {ScimError} 404 */
export const describeResourceTypes = (base: string, id?: string): ScimObject => pick(resourceTypes(base), id);
