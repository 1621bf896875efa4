import { type Static, Type } from 'typebox';

/** The schemas and messages that are spoken here, by URN (RFC 7643 §8, RFC 7644 §8.2). */
export const scimUrns = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  enterpriseUser: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  publicServiceUser: 'urn:lienthong:params:scim:schemas:extension:publicservice:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  serviceProviderConfig: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  listResponse: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  searchRequest: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
  patchOp: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  bulkRequest: 'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
  bulkResponse: 'urn:ietf:params:scim:api:messages:2.0:BulkResponse',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
} as const;

/** An attribute as RFC 7643 §7 describes it. */
export interface ScimAttribute {
  name: string;
  type: 'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime' | 'reference' | 'complex';
  multiValued: boolean;
  description: string;
  required: boolean;
  caseExact: boolean;
  mutability: 'readOnly' | 'readWrite' | 'immutable';
  returned: 'always' | 'default' | 'request';
  uniqueness: 'none' | 'server';
  canonicalValues?: string[];
  referenceTypes?: string[];
  subAttributes?: ScimAttribute[];
  /** Everybody always has one: it can be changed, not taken away; not told outside. */
  kept?: boolean;
  /** Attributes of the register of which an app needs one to see this; not told outside. */
  needs?: string[];
}
export interface ScimSchema {
  id: string;
  name: string;
  description: string;
  attributes: ScimAttribute[];
}

/** A resource, or a part of one: attributes by name, extensions by URN. */
export type ScimObject = Record<string, unknown>;

/** What is sent to change a resource (RFC 7644 §3.5.2). Names are read in any case, so only the shape is here. */
export const ScimBody = Type.Object({}, { description: 'JSON as RFC 7644 describes it' });

/** How a question is put, in the address or in the body of `.search` (RFC 7644 §3.4.3, RFC 9865). */
export const ScimQuestion = Type.Object({
  filter: Type.Optional(Type.String({ maxLength: 8000 })),
  sortBy: Type.Optional(Type.String({ maxLength: 200 })),
  sortOrder: Type.Optional(Type.String({ maxLength: 20 })),
  startIndex: Type.Optional(Type.String({ maxLength: 12 })),
  count: Type.Optional(Type.String({ maxLength: 12 })),
  cursor: Type.Optional(Type.String({ maxLength: 2000 })),
  attributes: Type.Optional(Type.String({ maxLength: 4000 })),
  excludedAttributes: Type.Optional(Type.String({ maxLength: 4000 })),
});
export type ScimQuestion = Static<typeof ScimQuestion>;

/** Bounds that ServiceProviderConfig tells and the service holds. */
export const scimLimits = {
  pageSize: 100,
  maxPageSize: 500,
  bulkOperations: 200,
  bulkBytes: 10 * 1024 * 1024,
  filterTerms: 100,
  filterDepth: 20,
} as const;
