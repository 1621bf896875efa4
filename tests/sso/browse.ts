import { CookieJar } from 'tough-cookie';

/** A page that a browser came to, or an address that it was sent to and that is not ours. */
export interface Visit {
  url: string;
  status: number;
  text: string;
  headers: Headers;
}

export interface Browse {
  jar: CookieJar;
  /** Goes to an address and follows where it leads, up to the first that `leaves` names. */
  open(url: string, init?: RequestInit): Promise<Visit>;
  /** Fills in the form of a page and sends it. */
  submit(page: Visit, fields: Record<string, string>): Promise<Visit>;
}

const fromHtml = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The hidden fields and the target of the first form of a page. */
const readForm = (page: Visit): { action: string; fields: Record<string, string> } => {
  const form = /<form[^>]*?action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page.text);
  if (form === null) throw new Error(`no form on ${page.url}:\n${page.text}`);
  const fields = Object.fromEntries(
    [...form[2]!.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      fromHtml(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
    ]),
  );
  return { action: new URL(fromHtml(form[1]!), page.url).href, fields };
};

/**
 * A browser without a screen: cookies as browsers keep them, redirects followed. An address that starts with one of
 * `leaves` is not asked for: there a spec takes over.
 */
export const createBrowse = (leaves: string[] = [], headers: Record<string, string> = {}): Browse => {
  const jar = new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: false });
  const open = async (url: string, init: RequestInit = {}): Promise<Visit> => {
    for (let hops = 0, next = url, request = init; hops < 20; hops += 1) {
      if (leaves.some(start => next.startsWith(start)))
        return { url: next, status: 0, text: '', headers: new Headers() };
      const answer = await fetch(next, {
        ...request,
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          ...headers,
          ...(request.headers as Record<string, string>),
          cookie: await jar.getCookieString(next),
        },
      });
      for (const cookie of answer.headers.getSetCookie())
        await jar.setCookie(cookie, next, { ignoreError: true });
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status > 399 || location === null)
        return { url: next, status: answer.status, text: await answer.text(), headers: answer.headers };
      await answer.arrayBuffer();
      next = new URL(location, next).href;
      request = {};
    }
    throw new Error(`too many redirects from ${url}`);
  };
  return {
    jar,
    open,
    submit(page, given) {
      const { action, fields } = readForm(page);
      return open(action, { method: 'POST', body: new URLSearchParams({ ...fields, ...given }) });
    },
  };
};
