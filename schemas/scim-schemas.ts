import { type ScimAttribute, type ScimSchema, scimUrns } from '#schemas/scim.ts';

type Options = Partial<Omit<ScimAttribute, 'name' | 'description'>>;

const attribute = (name: string, description: string, options: Options = {}): ScimAttribute => ({
  name,
  type: 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...options,
});
const readOnly: Options = { mutability: 'readOnly' };
const salary = ['rank', 'grade', 'coefficient', 'coefficientFrom'] as const;

/** Of every resource (RFC 7643 §3.1). They belong to no schema and are not told by `/Schemas`. */
export const commonAttributes: ScimAttribute[] = [
  attribute('schemas', 'URNs of the schemas in use', {
    ...readOnly,
    type: 'reference',
    multiValued: true,
    caseExact: true,
    returned: 'always',
  }),
  attribute('id', 'Key of the resource in this hub, a UUID', {
    ...readOnly,
    caseExact: true,
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', "The client's own key of the resource; each client sees its own", {
    caseExact: true,
  }),
  attribute('meta', 'When, where and in which version', {
    ...readOnly,
    type: 'complex',
    subAttributes: [
      attribute('resourceType', 'User or Group', { ...readOnly, caseExact: true }),
      attribute('created', 'When the resource came into the register', { ...readOnly, type: 'dateTime' }),
      attribute('lastModified', 'When it changed last', { ...readOnly, type: 'dateTime' }),
      attribute('location', 'Its address', { ...readOnly, type: 'reference', caseExact: true }),
      attribute('version', 'Its ETag', { ...readOnly, caseExact: true }),
    ],
  }),
];

/** A list of which the register keeps one value, always of type `work`. */
const oneOf = (name: string, what: string, needs: string[]): ScimAttribute =>
  attribute(name, `${what}; one, of type work`, {
    type: 'complex',
    multiValued: true,
    needs,
    subAttributes: [
      attribute('value', what),
      attribute('display', `${what}, for people`),
      attribute('type', 'Always work', { canonicalValues: ['work'] }),
      attribute('primary', 'Always true', { type: 'boolean' }),
    ],
  });

const user: ScimSchema = {
  id: scimUrns.user,
  name: 'User',
  description: 'A member of staff',
  attributes: [
    attribute('userName', 'The name to sign on with, given by the sign-on', {
      required: true,
      uniqueness: 'server',
      needs: ['username'],
    }),
    attribute('name', 'The name, in Vietnamese order', {
      type: 'complex',
      kept: true,
      needs: ['name'],
      subAttributes: [
        attribute('formatted', 'The whole name as it is written: family, middle, given', { kept: true }),
        attribute('familyName', 'Họ: the first word'),
        attribute('middleName', 'Tên đệm: the words between'),
        attribute('givenName', 'Tên: the last word, by which people are called and sorted'),
      ],
    }),
    attribute('displayName', 'The whole name', { kept: true, needs: ['name'] }),
    attribute('title', 'Chức vụ of the main post', { needs: ['title'] }),
    attribute('active', 'Whether the person is in service', { type: 'boolean', kept: true }),
    oneOf('emails', 'Mail address, given by the mail software', ['email']),
    oneOf('phoneNumbers', 'Telephone number', ['phone']),
    attribute('groups', 'Units in which the person holds a post', {
      ...readOnly,
      type: 'complex',
      multiValued: true,
      needs: ['unitId'],
      subAttributes: [
        attribute('value', 'Id of the unit', { ...readOnly, caseExact: true }),
        attribute('$ref', 'Address of the unit', {
          ...readOnly,
          type: 'reference',
          referenceTypes: ['Group'],
          caseExact: true,
        }),
        attribute('display', 'Name of the unit', readOnly),
        attribute('type', 'Always direct', { ...readOnly, canonicalValues: ['direct'] }),
      ],
    }),
  ],
};

const enterpriseUser: ScimSchema = {
  id: scimUrns.enterpriseUser,
  name: 'EnterpriseUser',
  description: 'Where a member of staff works',
  attributes: [
    attribute('employeeNumber', 'Mã CBCCVC, the staff code', { needs: ['code'] }),
    attribute('organization', 'The agency or local authority', { ...readOnly, needs: ['unitId'] }),
    attribute('division', 'The part of the organization in which the unit lies', {
      ...readOnly,
      needs: ['unitId'],
    }),
    attribute('department', 'The unit of the main post', { needs: ['unitId'] }),
  ],
};

const publicServiceUser: ScimSchema = {
  id: scimUrns.publicServiceUser,
  name: 'PublicServiceUser',
  description: 'What public service keeps of its staff (Decree 204/2004/NĐ-CP for pay)',
  attributes: [
    attribute('staffCode', 'Mã CBCCVC', { caseExact: true, uniqueness: 'server', needs: ['code'] }),
    attribute('status', 'In service, suspended, or no longer in service', {
      kept: true,
      canonicalValues: ['active', 'suspended', 'left'],
    }),
    attribute('unitCode', 'Code of the unit of the main post', { caseExact: true, needs: ['unitId'] }),
    attribute('positions', 'Posts in force', {
      type: 'complex',
      multiValued: true,
      needs: ['unitId', 'title'],
      subAttributes: [
        attribute('title', 'Chức vụ', { needs: ['title'] }),
        attribute('unitCode', 'Code of the unit', { caseExact: true, needs: ['unitId'] }),
        attribute('unitName', 'Name of the unit', { ...readOnly, needs: ['unitId'] }),
        attribute('primary', 'Whether it is the main post', { type: 'boolean' }),
        attribute('from', 'Since which day, ISO 8601'),
      ],
    }),
    attribute('rank', 'Mã ngạch', { caseExact: true, needs: [salary[0]] }),
    attribute('grade', 'Bậc', { type: 'integer', needs: [salary[1]] }),
    attribute('coefficient', 'Hệ số lương', { type: 'decimal', needs: [salary[2]] }),
    attribute('coefficientFrom', 'Since which day the coefficient holds, ISO 8601', { needs: [salary[3]] }),
    attribute('awards', 'Khen thưởng; added to, never taken away', {
      type: 'complex',
      multiValued: true,
      needs: ['awards'],
      subAttributes: [
        attribute('title', 'What was awarded', { required: true }),
        attribute('date', 'Day of the decision, ISO 8601'),
        attribute('year', 'Year, where the day is not known', { type: 'integer' }),
        attribute('number', 'Number of the decision'),
      ],
    }),
  ],
};

const group: ScimSchema = {
  id: scimUrns.group,
  name: 'Group',
  description: 'A unit of the province that is in force; the hub keeps units by itself',
  attributes: [
    attribute('displayName', 'Name of the unit', { ...readOnly, required: true }),
    attribute('members', 'Who holds a post in the unit, and the units right below it', {
      ...readOnly,
      type: 'complex',
      multiValued: true,
      returned: 'request',
      needs: ['unitId'],
      subAttributes: [
        attribute('value', 'Id of the person or unit', { ...readOnly, caseExact: true }),
        attribute('$ref', 'Address of the person or unit', {
          ...readOnly,
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          caseExact: true,
        }),
        attribute('type', 'User or Group', { ...readOnly, canonicalValues: ['User', 'Group'] }),
        attribute('display', 'Name of the person or unit', readOnly),
      ],
    }),
  ],
};

/** Every schema of resources, as `/Schemas` tells them. */
export const scimSchemas: ScimSchema[] = [user, enterpriseUser, publicServiceUser, group];

/** What a kind of resource is made of: the first schema is its own, the others extend it. */
export const resourceSchemas = {
  User: [user, enterpriseUser, publicServiceUser],
  Group: [group],
} as const satisfies Record<string, ScimSchema[]>;

/**
 * Attributes of the RFC's own schemas that the register does not keep. Clients send them because they always do:
 * they are passed over, where an unknown name is a fault.
 */
export const passedOver = new Set(
  [
    'nickName profileUrl userType preferredLanguage locale timezone password ims photos addresses entitlements',
    'roles x509Certificates costCenter manager honorificPrefix honorificSuffix',
  ].flatMap(names => names.toLowerCase().split(' ')),
);
