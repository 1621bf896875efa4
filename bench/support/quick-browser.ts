import { createHash, randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';

const agent = new Agent({ connections: 64, pipelining: 1 });

/** A browser that costs next to nothing: cookies in a map, redirects followed to the first address that is not the hub's. */
export interface QuickBrowser {
  /** Where it ends: an address of an app's, or a page. */
  get(url: string): Promise<{ url: string; page: string }>;
  post(url: string, fields: Record<string, string>): Promise<{ url: string; page: string }>;
}

export const createQuickBrowser = (origin: string): QuickBrowser => {
  const cookies = new Map<string, { value: string; path: string }>();
  const go = async (first: string, body?: string): Promise<{ url: string; page: string }> => {
    let [url, form] = [first, body];
    for (;;) {
      if (!url.startsWith(`${origin}/`)) return { url, page: '' };
      const { pathname } = new URL(url);
      const cookie = [...cookies]
        .filter(([, { path }]) => pathname.startsWith(path))
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; ');
      const answer = await request(url, {
        dispatcher: agent,
        method: form === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'text/html',
          cookie,
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: form ?? null,
      });
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        const [pair, ...rest] = line.split('; ');
        const cut = pair!.indexOf('=');
        const path = rest.find(part => part.startsWith('path='))?.slice(5) ?? '/';
        const name = pair!.slice(0, cut);
        if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
        else cookies.set(name, { value: pair!.slice(cut + 1), path });
      }
      const page = await answer.body.text();
      const location = answer.headers.location as string | undefined;
      if (location === undefined) return { url, page };
      [url, form] = [new URL(location, url).href, undefined];
    }
  };
  return {
    get: url => go(url),
    post: (url, fields) => go(url, new URLSearchParams(fields).toString()),
  };
};

/** A form's token on a page of ours. */
export const csrfOf = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';

/** An authorization request of a client, and the verifier of its code. */
export const authorizationUrl = (
  origin: string,
  { clientId, redirectUri }: { clientId: string; redirectUri: string },
): { url: string; verifier: string } => {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: redirectUri,
    state: 's',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return { url: `${origin}/sso/auth?${query}`, verifier };
};
