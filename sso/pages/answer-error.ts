import type { Context, Middleware } from 'koa';
import { isDatabaseAway } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { Log } from '#hub/platform/log.ts';
import { say } from '#hub/platform/messages.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { renderPage } from '#sso/pages/render-page.ts';
import { factsOf, type RequestFacts } from '#sso/request-facts.ts';

/** The words for an error of the provider (RFC 6749, OpenID Connect Core); every other one is `other`. */
const wordsFor: Record<string, string> = {
  invalid_client: 'invalid-client',
  invalid_redirect_uri: 'invalid-redirect',
  access_denied: 'access-denied',
  'session-not-found': 'session-not-found',
  server_error: 'away',
  temporarily_unavailable: 'away',
  'invalid-request': 'forged',
  'too-large': 'too-large',
  'unsupported-media-type': 'forged',
  'too-many-requests': 'busy',
  'not-found': 'not-found',
};

/** A page that says what happened, what to do, and by what number the IT centre finds it in the log. */
export const answerError = (
  ctx: Context,
  error: string,
  { status = 400, detail }: { status?: number; detail?: string | undefined } = {},
): void => {
  const { language, requestId } = factsOf(ctx.req);
  const words = say(language, `sso.error.${wordsFor[error] ?? 'other'}`);
  answerPage(ctx, 'error', { words, detail, reference: requestId }, { status });
};

/** The same before there is a Koa context: the provider could not be had, or the request is not heard. */
export const errorPage = (
  { language, requestId }: Pick<RequestFacts, 'language' | 'requestId'>,
  key: string,
) => renderPage('error', language, { words: say(language, `sso.error.${key}`), reference: requestId });

/** Turns errors of our own pages into that page; a database that is away says so, and is not our fault. */
export const explainErrors =
  (log: Log): Middleware =>
  async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const { requestId } = factsOf(ctx.req);
      if (isDatabaseAway(error)) {
        log.warn({ requestId }, 'a sign-in page failed: the database is away');
        return answerError(ctx, 'server_error', { status: 503 });
      }
      if (error instanceof AppError && error.status < 500)
        return answerError(ctx, error.code, { status: error.status });
      const name = (error as Error).name;
      if (name === 'SessionNotFound') return answerError(ctx, 'session-not-found');
      const told = error as { expose?: boolean; error?: string; statusCode?: number };
      if (told.expose && told.error !== undefined)
        return answerError(ctx, told.error, { status: told.statusCode ?? 400 });
      log.error({ requestId, cause: describeCause(error) }, 'a sign-in page failed');
      answerError(ctx, 'server_error', { status: 500 });
    }
  };
