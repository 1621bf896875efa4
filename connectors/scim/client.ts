import { ConnectorError } from '#connectors/kit/errors.ts';
import { exchange, type HttpAnswer, type HttpRequest, parseJson } from '#connectors/kit/http.ts';
import {
  checkList,
  checkProviderConfig,
  checkUser,
  type ProviderConfig,
  type ScimUser,
  straighten,
} from './answers.ts';
import { type AttributePath, formatPath, type Resource, readPath } from './attribute-path.ts';
import { createAuthorisation } from './authorisation.ts';
import { changeUser } from './change-user.ts';
import { faultOf } from './faults.ts';
import type { WantedValue } from './mapping.ts';
import type { ScimSettings } from './settings.ts';

/** One page as the provider answers it; `total` is what it claims, NaN when it claims nothing. */
export interface UserPage {
  users: ScimUser[];
  /** Whether the answer has `Resources` at all. */
  told: boolean;
  total: number;
  nextCursor: string | undefined;
}

const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** How often a write is tried on what somebody else has just changed. */
const maxTries = 2;
/** More than one account with the same key is told apart from one, no more. */
const foundAtMost = 10;

/** RFC 9110 §8.8.3. Some providers put a bare word into `meta.version`: that is no condition to send. */
const entityTag = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;

const isFine = (answer: HttpAnswer): boolean => answer.status >= 200 && answer.status < 300;
const fold = (value: unknown): string => String(value).toLowerCase();
const query = (parameters: Record<string, string>): string =>
  Object.entries(parameters)
    // `%20`, not `+`: providers that do not read forms take a plus for a plus.
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');

/** SCIM 2.0 over HTTP (RFC 7644): users only, versions by ETag (§3.14). */
export const createClient = (settings: ScimSettings, maxBytes: number) => {
  const root = settings.baseUrl.replace(/\/+$/, '');
  const authorise = createAuthorisation(settings, maxBytes);
  let config: ProviderConfig | undefined;

  const send = (
    method: HttpRequest['method'],
    path: string,
    signal: AbortSignal,
    options: { json?: unknown; ifMatch?: string | undefined } = {},
  ): Promise<HttpAnswer> =>
    authorise(signal, authorization =>
      exchange({
        method,
        url: root + path,
        headers: {
          authorization,
          accept: 'application/scim+json, application/json;q=0.9',
          ...(options.json === undefined ? {} : { 'content-type': 'application/scim+json' }),
          ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
        },
        ...(options.json === undefined ? {} : { json: options.json }),
        signal,
        maxBytes,
      }),
    );
  const read = (answer: HttpAnswer): unknown => {
    if (!isFine(answer)) throw faultOf(answer);
    return straighten(parseJson(answer));
  };
  /** Nothing lives at an address that must be there. */
  const atKnownAddress = (answer: HttpAnswer): HttpAnswer => {
    if (answer.status === 404)
      throw new ConnectorError('unexpected-answer', 'the app does not know this address', {
        vendorCode: '404',
      });
    return answer;
  };
  /** A user that is not there is told by SCIM's own 404, or an empty one; an error page is a wrong address. */
  const isMissing = (answer: HttpAnswer): boolean =>
    answer.status === 404 && faultOf(answer).code === 'not-found';
  const pathOf = (id: string): string => `/Users/${encodeURIComponent(id)}`;

  /** Asked once and kept, unless it could not be had. Not every provider has it: the next call proves the address. */
  const getConfig = async (signal: AbortSignal): Promise<ProviderConfig> => {
    if (config !== undefined) return config;
    const answer = await send('GET', '/ServiceProviderConfig', signal);
    config = answer.status === 404 ? {} : checkProviderConfig(read(answer));
    return config;
  };

  const page = async (parameters: Record<string, string>, signal: AbortSignal): Promise<UserPage> => {
    const answer = atKnownAddress(await send('GET', `/Users?${query(parameters)}`, signal));
    const { Resources, totalResults, nextCursor } = checkList(read(answer));
    // An error told with status 200 must not read as "nobody".
    if (Resources === undefined && totalResults === undefined)
      throw new ConnectorError('unexpected-answer', 'the answer is no list of accounts');
    const total = Number(totalResults ?? Number.NaN);
    return { users: Resources ?? [], told: Resources !== undefined, total, nextCursor };
  };

  const fetchUser = async (
    id: string,
    signal: AbortSignal,
  ): Promise<{ user: ScimUser; version: string | undefined } | undefined> => {
    const answer = await send('GET', pathOf(id), signal);
    if (isMissing(answer)) return undefined;
    const user = checkUser(read(answer));
    const version = [answer.headers.get('etag'), user.meta?.version].find(one => entityTag.test(one ?? ''));
    return { user, version: version ?? undefined };
  };
  const get = async (id: string, signal: AbortSignal): Promise<ScimUser | undefined> =>
    (await fetchUser(id, signal))?.user;

  /** Users whose attribute is this value. A provider that does not heed the filter is found out. */
  const find = async (path: AttributePath, value: string, signal: AbortSignal): Promise<ScimUser[]> => {
    // The value of a comparison is a JSON string (§3.4.2.2): JSON's escaping is the filter's.
    const filter = `${formatPath(path)} eq ${JSON.stringify(value)}`;
    const { users } = await page({ filter, count: String(foundAtMost) }, signal);
    const held = users.map(user => ({ user, value: readPath(user as Resource, path) }));
    if (held.some(one => fold(one.value) !== fold(value)))
      throw new ConnectorError('unexpected-answer', `the app does not filter by ${formatPath(path)}`);
    // User names differ by more than case (RFC 7643 §4.1.1), codes are compared as they are.
    return held.filter(one => one.value === value || path.attribute === 'userName').map(one => one.user);
  };

  /** The user that a write has left: as answered, or read anew when the answer is empty. */
  const afterWrite = async (answer: HttpAnswer, id: string, signal: AbortSignal) =>
    answer.status === 204 || answer.text.trim() === '' ? get(id, signal) : checkUser(read(answer));

  return {
    getConfig,
    page,
    get,
    find,
    async create(wanted: readonly WantedValue[], signal: AbortSignal): Promise<ScimUser | undefined> {
      const { resource } = changeUser(undefined, wanted);
      const answer = atKnownAddress(await send('POST', '/Users', signal, { json: resource }));
      if (isFine(answer) && answer.text.trim() === '') return undefined;
      return checkUser(read(answer));
    },
    /**
     * Writes what differs, on the version just read; reads again when somebody else was faster. Sends nothing
     * when all is as wanted. Undefined when there is no such user.
     */
    async update(
      id: string,
      wanted: readonly WantedValue[],
      signal: AbortSignal,
    ): Promise<ScimUser | undefined> {
      for (let tries = 0; tries < maxTries; tries += 1) {
        const before = await fetchUser(id, signal);
        if (before === undefined) return undefined;
        const { resource, operations } = changeUser(before.user as Resource, wanted);
        if (operations.length === 0) return before.user;
        const options = { ifMatch: before.version };
        const answer =
          settings.update === 'put'
            ? await send('PUT', pathOf(id), signal, { ...options, json: resource })
            : await send('PATCH', pathOf(id), signal, {
                ...options,
                json: { schemas: [patchSchema], Operations: operations },
              });
        if (answer.status === 412) continue;
        if (isMissing(answer)) return undefined;
        if (!isFine(answer)) throw faultOf(answer);
        return afterWrite(answer, id, signal);
      }
      throw new ConnectorError('unavailable', 'the account is being changed by others at the same time', {
        vendorCode: '412',
      });
    },
  };
};
export type ScimClient = ReturnType<typeof createClient>;
