import { ScimError } from '#hub/scim/scim-error.ts';

/** What a request says of the version it knows: `If-Match` and `If-None-Match` (RFC 9110 §13.1), compared weakly. */
export interface Preconditions {
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
}

const names = (list: string | undefined, etag: string): boolean =>
  (list ?? '')
    .split(',')
    .map(tag => tag.trim().replace(/^W\//, ''))
    .some(tag => tag === '*' || tag === etag.replace(/^W\//, ''));

/** @throws {ScimError} 412 unless the resource is in the version that is named, or none is */
export const requireVersion = ({ ifMatch }: Preconditions, etag: string): void => {
  if (ifMatch !== undefined && !names(ifMatch, etag)) throw new ScimError('other-version');
};

/** Whether the client has the resource as it is already. */
export const hasVersion = ({ ifNoneMatch }: Preconditions, etag: string): boolean => names(ifNoneMatch, etag);
