import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { drawPage, readCookie, redirectTo, type Visitor } from '#sandbox/kit/web-page.ts';

/** What an app was given when it was registered with the province's sign-on. */
export interface OpenIdClient {
  clientId: string;
  clientSecret: string;
}

/** A page of an app behind OpenID Connect. */
export interface OpenIdPage {
  title: string;
  issuer: string;
  client(): OpenIdClient | undefined;
  /** The app's own word for a visitor's name, where it is not told one. */
  nameOf?(username: string): string | undefined;
  /** More of the page, and what its forms do; each leads back to `/`, but for what it answers itself. */
  html?: string;
  posts?: Record<string, (fields: URLSearchParams) => AppAnswer | undefined>;
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * Gives a played app a page for people behind OpenID Connect: `/` (who is signed in), `/callback`, `/sign-out` and
 * `/backchannel-logout`; all other paths are the app's own. It learns everything from the discovery document.
 * `client` answers undefined until the hub has registered the app.
 */
export const withOpenIdPage = (
  app: SandboxApp,
  { title, issuer, client, nameOf, html, posts = {} }: OpenIdPage,
): SandboxApp => {
  const cookie = `${app.id}_session`;
  const sessions = new Map<string, Visitor & { sid: string | undefined; idToken: string }>();
  const begun = new Map<string, { verifier: string; nonce: string }>();
  let discovered: Promise<oidc.Configuration> | undefined;

  const configure = async (): Promise<oidc.Configuration | undefined> => {
    const registered = client();
    if (registered === undefined) return undefined;
    discovered ??= oidc.discovery(new URL(issuer), registered.clientId, registered.clientSecret, undefined, {
      execute: [oidc.allowInsecureRequests],
    });
    return discovered.catch(error => {
      discovered = undefined;
      throw error;
    });
  };
  const originOf = (request: AppRequest): string => `http://${request.headers.host}`;

  const begin = async (config: oidc.Configuration, request: AppRequest): Promise<AppAnswer> => {
    const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
    begun.set(state, { verifier, nonce });
    if (begun.size > 1000) begun.delete(begun.keys().next().value!);
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: `${originOf(request)}/callback`,
      scope: 'openid profile staff',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return redirectTo(url.href, { 'set-cookie': `${cookie}_state=${state}; HttpOnly; SameSite=Lax; Path=/` });
  };

  const finish = async (config: oidc.Configuration, request: AppRequest): Promise<AppAnswer> => {
    const state = readCookie(request, `${cookie}_state`) ?? '';
    const going = begun.get(state);
    begun.delete(state);
    if (going === undefined) return redirectTo('/');
    const url = new URL(`${originOf(request)}/callback?${request.query}`);
    const tokens = await oidc.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: going.verifier,
      expectedState: state,
      expectedNonce: going.nonce,
    });
    const claims = tokens.claims()!;
    const about = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    const id = randomBytes(24).toString('base64url');
    sessions.set(id, {
      staffId: claims.sub,
      username: String(about.preferred_username ?? ''),
      name: String(about.name ?? nameOf?.(String(about.preferred_username)) ?? ''),
      ...(about.unit_name === undefined ? {} : { unit: String(about.unit_name) }),
      sid: claims.sid as string | undefined,
      idToken: tokens.id_token!,
    });
    return redirectTo('/', { 'set-cookie': `${cookie}=${id}; HttpOnly; SameSite=Lax; Path=/` });
  };

  /** OpenID Connect Back-Channel Logout 1.0 §2.6: one session by `sid`, or all of the person. */
  const endSessions = async (config: oidc.Configuration, request: AppRequest): Promise<AppAnswer> => {
    const { jwks_uri: keys, issuer: expected } = config.serverMetadata();
    const token = new URLSearchParams(request.body).get('logout_token') ?? '';
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keys!)), {
      issuer: expected,
      audience: client()!.clientId,
      typ: 'logout+jwt',
    });
    if ((payload.events as Record<string, unknown> | undefined)?.[logoutEvent] === undefined)
      return { status: 400 };
    for (const [id, session] of sessions)
      if (payload.sid === undefined ? session.staffId === payload.sub : session.sid === payload.sid)
        sessions.delete(id);
    return { status: 200, headers: { 'cache-control': 'no-store' } };
  };

  const signOut = (config: oidc.Configuration, request: AppRequest): AppAnswer => {
    const id = readCookie(request, cookie) ?? '';
    const session = sessions.get(id);
    sessions.delete(id);
    if (session === undefined) return redirectTo('/');
    const url = oidc.buildEndSessionUrl(config, { id_token_hint: session.idToken });
    return redirectTo(url.href, { 'set-cookie': `${cookie}=; Max-Age=0; Path=/` });
  };

  const pages: Record<
    string,
    (config: oidc.Configuration, request: AppRequest) => AppAnswer | Promise<AppAnswer>
  > = {
    'GET /': (config, request) => {
      const session = sessions.get(readCookie(request, cookie) ?? '');
      return session === undefined
        ? begin(config, request)
        : drawPage(title, session, { signOutPath: '/sign-out', ...(html === undefined ? {} : { html }) });
    },
    'GET /callback': finish,
    'POST /sign-out': signOut,
    'POST /backchannel-logout': (config, request) =>
      endSessions(config, request).catch(() => ({ status: 400, headers: { 'cache-control': 'no-store' } })),
  };

  return {
    ...app,
    state: name =>
      name === 'sessions'
        ? [...sessions.values()].map(({ staffId, username }) => ({ staffId, username }))
        : app.state?.(name),
    async handle(request) {
      const act = request.method === 'POST' ? posts[request.path] : undefined;
      if (act !== undefined && sessions.has(readCookie(request, cookie) ?? '')) {
        return act(new URLSearchParams(request.body)) ?? redirectTo('/');
      }
      const page = pages[`${request.method} ${request.path}`];
      if (page === undefined) return app.handle(request);
      const config = await configure();
      if (config === undefined)
        return { status: 503, body: 'Ứng dụng chưa được đăng ký với trục Liên Thông.' };
      return page(config, request);
    },
  };
};
