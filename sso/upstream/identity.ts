/** An account of an older system, whose owner has just proven to be there. */
export interface UpstreamIdentity {
  /** Who says so: the OpenID issuer, or `urn:lienthong:upstream:<id>` for a directory. */
  issuer: string;
  /** Its number there, for ever. */
  subject: string;
  /** As people call it; only to be read. */
  username: string;
  /** What stands where the key is configured to be. */
  key: string | undefined;
}

export const directoryIssuer = (sourceId: string): string => `urn:lienthong:upstream:${sourceId}`;
