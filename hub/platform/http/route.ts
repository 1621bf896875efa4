import type { TSchema } from 'typebox';
import type { AppError } from '#hub/platform/errors.ts';
import type { Language } from '#hub/platform/messages.ts';
import type { Scope } from '#schemas/app.ts';

/** Who asks, proven by the access token. */
export interface Caller {
  clientId: string;
  /** The person who uses the client; absent: the program acts for itself. */
  staffId?: string;
  appId?: string;
  scopes: Scope[];
}

/** One request after authentication and validation. */
export interface RouteRequest {
  caller: Caller;
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  language: Language;
  /** `Idempotency-Key`, when the client sent one. */
  idempotencyKey?: string;
  headers: Record<string, string | string[] | undefined>;
  /** The raw stream, only for routes with `raw: true` (uploads). */
  stream: NodeJS.ReadableStream;
  /** Id of this request, a UUID: in the log, in `X-Request-Id` and in every problem's `instance`. */
  requestId: string;
  /** The client's network address, as a trusted proxy tells it. */
  address: string;
  /** By which door, and by what proxy or client, it came in: what no header changes. */
  cameFrom: { internetDoor: boolean; peer: string };
  /** Aborts when the client has gone or the server stops: ends what only this answer needs. */
  signal: AbortSignal;
}

/**
 * What a route answers when a plain 200 with JSON is not it. `body`: an object (sent as JSON, whatever JSON
 * type the headers name), text, a Buffer, a Readable or an async iterable (sent as it comes, for SSE with
 * `content-type: text/event-stream`), or undefined for none.
 */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;
  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/**
 * One line of the HTTP surface. The gateway mounts it, checks the scope and the schemas, keeps
 * idempotency keys of POSTs, turns errors into `application/problem+json` and writes it into
 * `/api/openapi.json`. `path` is in OpenAPI form (`/api/v1/staff/{id}`).
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** The scope that the token must carry (`admin` carries all); `public` needs none. */
  scope: Scope | 'public';
  tag: string;
  summary: string;
  description?: string;
  params?: TSchema;
  query?: TSchema;
  body?: TSchema;
  /** Schema of the 2xx answer. */
  answer?: TSchema;
  status?: number;
  /**
   * The handler reads the request's stream itself, before it answers; `body` then only
   * describes. `contentTypes` are the media types it takes; others get 415.
   */
  raw?: boolean;
  contentTypes?: string[];
  /**
   * The largest body of a `raw` route, in bytes. More is refused with 413: by its `Content-Length` unread, otherwise as
   * soon as it has come. Absent: the handler holds its own limit.
   */
  maxBytes?: number;
  /** The largest file in such a body, which is longer than the file: the limit that a refusal names. */
  maxFileBytes?: number;
  /** Asked every few seconds by machines that watch: such requests are logged at debug, not at info. */
  quiet?: boolean;
  /** The words of errors here, where another standard rules than RFC 9457 (OAuth 2, SCIM). */
  renderError?(error: AppError, language: Language): Reply;
  handle(request: RouteRequest): Promise<unknown>;
}
