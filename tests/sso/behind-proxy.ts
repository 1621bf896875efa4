import { CookieJar } from 'tough-cookie';
import { request as send } from 'undici';
import type { Visit } from '#tests/sso/browse.ts';
import type { SignOn } from '#tests/sso/start-sign-on.ts';

/** How the proxies name the request that they ask about. */
export const asTraefik = (url: string, method = 'GET'): Record<string, string> => {
  const { protocol, host, pathname, search } = new URL(url);
  return {
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-host': host,
    'x-forwarded-uri': pathname + search,
    'x-forwarded-method': method,
    'x-forwarded-for': '10.1.2.3',
  };
};
export const asNginx = (url: string, method = 'GET'): Record<string, string> => ({
  'x-original-url': url,
  'x-original-method': method,
  'x-forwarded-for': '10.1.2.3',
});

type Until = (url: string) => boolean;

export interface Ask {
  method?: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  headers?: Record<string, string>;
  body?: URLSearchParams;
  tell?: typeof asTraefik;
}

/**
 * A browser that sees apps through proxies: what is told of an app's address goes to the hub as its proxy would send it.
 * `from` is where it stands, when that is not in the province's network.
 */
export const createAppBrowser = (signOn: Pick<SignOn, 'origin'>, apps: string[] = [], from?: string) => {
  const jar = new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: false });
  const isApp = (url: string): boolean => apps.includes(new URL(url).origin);
  /** The address at the hub that a proxy asks for `url`. */
  const target = (url: string): string => {
    const { pathname, search } = new URL(url);
    if (!isApp(url)) return url;
    return pathname.startsWith('/.lienthong/')
      ? `${signOn.origin}/forward-auth/app/${pathname.slice('/.lienthong/'.length)}${search}`
      : `${signOn.origin}/forward-auth`;
  };
  /** One request, no redirect followed. Not by `fetch`: it says of each that it is none of a navigation. */
  const ask = async (
    url: string,
    { method = 'GET', headers = {}, body, tell = asTraefik }: Ask = {},
  ): Promise<Response> => {
    const answer = await send(target(url), {
      // The proxy asks about a request, it does not repeat it.
      method: isApp(url) ? 'GET' : method,
      body: body?.toString() ?? null,
      headers: {
        accept: 'text/html',
        'sec-fetch-mode': 'navigate',
        ...(isApp(url) ? tell(url, method) : {}),
        cookie: await jar.getCookieString(url),
        ...(from === undefined ? {} : { 'x-forwarded-for': from }),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
    });
    const told = new Headers();
    for (const [name, values] of Object.entries(answer.headers))
      for (const value of [values ?? []].flat()) told.append(name, value);
    for (const cookie of told.getSetCookie()) await jar.setCookie(cookie, url);
    return new Response(await answer.body.text(), { status: answer.statusCode, headers: told });
  };
  /** Follows redirects up to one that `until` names, or to a page. */
  const open = async (url: string, until: Until = () => false, init: Ask = {}): Promise<Visit> => {
    for (let hops = 0, next = url, request = init; hops < 20; hops += 1) {
      if (hops > 0 && until(next)) return { url: next, status: 0, text: '', headers: new Headers() };
      const answer = await ask(next, request);
      const text = await answer.text();
      const location = answer.headers.get('location');
      if (location === null) return { url: next, status: answer.status, text, headers: answer.headers };
      next = new URL(location, next).href;
      request = {};
    }
    throw new Error(`too many redirects from ${url}`);
  };
  return {
    jar,
    ask,
    open,
    /** Signs in on the page that `open` came to. */
    signIn(page: Visit, { username, password }: { username: string; password: string }, until?: Until) {
      return this.submit(page, { username, password }, until);
    },
    /** Fills in a page of the sign-in. */
    submit(page: Visit, fields: Record<string, string>, until?: Until) {
      const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
      const action = /<form[^>]*action="([^"]*)"/.exec(page.text)?.[1] ?? '';
      const body = new URLSearchParams({ csrf, ...fields });
      return open(new URL(action, page.url).href, until, { method: 'POST', body });
    },
  };
};
export type AppBrowser = ReturnType<typeof createAppBrowser>;
