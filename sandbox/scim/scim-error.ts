import type { AppAnswer } from '#sandbox/kit/app-server.ts';

/** RFC 7644 §3.12. The detail names the person, as careless providers do: no client may pass it on. */
export const scimError = (status: number, scimType?: string, detail = 'Nguyễn Văn Kín'): AppAnswer => ({
  status,
  headers: { 'content-type': 'application/scim+json' },
  json: {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  },
});

/** A request that is answered with an error. */
export class ScimRefusal extends Error {
  readonly answer: AppAnswer;
  constructor(status: number, scimType?: string) {
    super(scimType ?? String(status));
    this.answer = scimError(status, scimType);
  }
}
