import { Reply } from '#hub/platform/http/route.ts';

/** Answers with tokens or their errors are never kept by anybody (RFC 6749 §5.1). */
export const neverKept = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** An error as RFC 6749 §5.2 words it. `description` is for the developer: English, ASCII, no secrets. */
export class OAuthError extends Error {
  readonly error: string;
  readonly description: string;
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(error: string, description: string, status = 400, headers: Record<string, string> = {}) {
    super(`${error}: ${description}`);
    this.error = error;
    this.description = description;
    this.status = status;
    this.headers = headers;
  }

  toReply(): Reply {
    const body = { error: this.error, error_description: this.description };
    return new Reply(this.status, body, { ...neverKept, ...this.headers });
  }
}
