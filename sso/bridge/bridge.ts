import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { AppError } from '#hub/platform/errors.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { sha256Text } from '#sso/sha-256.ts';

/** Who signed in, as a bridge learns it from its code. */
interface SignedIn {
  staffId: string;
  /** The provider's session. */
  uid: string;
  amr: string[];
  /** When the person proved who they are, seconds since 1970. */
  authTime: number;
  /** The session as this client knows it. */
  sid: string | undefined;
  /** Where the person was going. */
  returnTo: string;
}

/**
 * A relying party inside the hub: an older protocol, or our own pages, on top of the OpenID provider. So one policy and
 * one list of opened apps hold for all; the code is redeemed here, without HTTP.
 */
export interface Bridge {
  /** Sends the browser to sign in for `clientId`; it comes back to `callback`, a path of ours. */
  begin(
    ctx: Context,
    going: { clientId: string; callback: string; returnTo: string; more?: Record<string, string> },
  ): void;
  /**
   * Who came back. The code is used up.
   *
   * @throws {AppError} `invalid-request` when this browser did not begin here, something is told twice, or the code is no good; with the cause
   *   `login_required` and the like when the provider refused: see `error`
   */
  finish(ctx: Context, provider: Provider): Promise<SignedIn | { error: string; returnTo: string }>;
}

interface Going {
  clientId: string;
  callback: string;
  returnTo: string;
  verifier: string;
}

const purpose = 'sign-on-bridge';
const minutes = 15;
/** One for each sign-in under way, so that two tabs do not disturb each other. */
const cookieFor = (state: string): string => `lienthong_to_${sha256Text(state).slice(0, 10)}`;

/** @throws {AppError} `invalid-request` for what is told several times */
const onlyOne = (value: string | string[] | undefined): string | undefined => {
  if (Array.isArray(value)) throw new AppError('invalid-request');
  return value;
};

export const createBridge = ({ secrets, origin }: { secrets: Secrets; origin: string }): Bridge => ({
  begin(ctx, { clientId, callback, returnTo, more = {} }) {
    const verifier = randomBytes(32).toString('base64url');
    const going: Going = { clientId, callback, returnTo, verifier };
    const state = secrets.seal(purpose, JSON.stringify(going)).toString('base64url');
    ctx.cookies.set(cookieFor(state), '1', {
      signed: true,
      httpOnly: true,
      sameSite: 'lax',
      secure: origin.startsWith('https:'),
      path: callback,
      maxAge: minutes * 60_000,
    });
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: origin + callback,
      code_challenge: sha256Text(verifier),
      code_challenge_method: 'S256',
      state,
      ...more,
    });
    seeOther(ctx, `${origin}/sso/auth?${query}`);
  },

  async finish(ctx, provider) {
    const state = onlyOne(ctx.query.state) ?? '';
    const code = onlyOne(ctx.query.code);
    const error = onlyOne(ctx.query.error);
    const name = cookieFor(state);
    if (ctx.cookies.get(name, { signed: true }) === undefined) throw new AppError('invalid-request');
    ctx.cookies.set(name, null, { path: ctx.path, signed: true });
    const going = JSON.parse(secrets.open(purpose, Buffer.from(state, 'base64url'))) as Going;
    if (error !== undefined) return { error, returnTo: going.returnTo };
    const found = code === undefined ? undefined : await provider.AuthorizationCode.find(code);
    const good =
      found !== undefined &&
      found.clientId === going.clientId &&
      found.redirectUri === origin + going.callback &&
      found.codeChallenge === sha256Text(going.verifier) &&
      found.accountId !== undefined &&
      found.sessionUid !== undefined;
    if (!good) throw new AppError('invalid-request');
    await found.consume();
    return {
      staffId: found.accountId!,
      uid: found.sessionUid!,
      amr: found.amr ?? [],
      authTime: found.authTime ?? 0,
      sid: found.sid,
      returnTo: going.returnTo,
    };
  },
});
