/** Where of the enterprise extension (RFC 7643 §4.3) a unit's name or code is kept. */
export type UnitPlace = 'none' | 'department' | 'organization' | 'division' | 'costCenter';

/** `config.schema.json` as it arrives: checked, defaults filled in. */
export interface ScimSettings {
  /** What stands before `/Users`. */
  baseUrl: string;
  auth: 'bearer' | 'oauth' | 'basic';
  token?: string;
  tokenUrl?: string;
  clientId?: string;
  clientSecret?: string;
  scope?: string;
  user?: string;
  password?: string;
  /** The attribute that holds the staff code: people are found by it. */
  codeAt: 'externalId' | 'employeeNumber' | 'userName';
  /** What `externalId` holds. */
  externalId: 'code' | 'staffId';
  /** `address`: the user name with `@userNameDomain` behind it. */
  userNameForm: 'username' | 'address';
  userNameDomain?: string;
  unitNameAt: UnitPlace;
  unitCodeAt: UnitPlace;
  phoneType: 'work' | 'mobile';
  update: 'patch' | 'put';
  pageSize: number;
}
