import { randomBytes } from 'node:crypto';
import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { type CasUser, casLoginUrl, readLogout, validateTicket } from './cas-client.ts';
import { showDesk, showProblem } from './web-page.ts';

interface WebSession extends CasUser {
  /** The ticket that opened it: by this the hub ends it. */
  ticket: string;
  since: string;
}

const cookieName = 'qlvb_phien';
const redirect = (location: string, cookie?: string): AppAnswer => ({
  status: 302,
  headers: {
    location,
    'cache-control': 'no-store',
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
  },
});
const setCookie = (value: string, more = ''): string =>
  `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax${more}`;

/**
 * The document system in a browser: a CAS 3.0 application that keeps sessions of its own. `/` is its page and its service
 * address, where single logout is posted too; `/thoat` signs out.
 */
export const createWebDesk = (
  hubOrigin: string | undefined,
  accountOf: (username: string) => 'open' | 'locked' | 'none',
) => {
  const sessions = new Map<string, WebSession>();
  const idOf = (request: AppRequest): string =>
    new RegExp(`(?:^|; )${cookieName}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1] ?? '';

  const enter = async (hub: string, service: string, ticket: string): Promise<AppAnswer> => {
    const user = await validateTicket(hub, service, ticket);
    if (user === undefined) return showProblem(403, 'Vé đăng nhập không còn hiệu lực.');
    const id = randomBytes(24).toString('base64url');
    sessions.set(id, { ...user, ticket, since: new Date().toISOString() });
    return redirect('/', setCookie(id));
  };

  const end = (ticket: string | undefined): AppAnswer => {
    for (const [id, session] of sessions) if (session.ticket === ticket) sessions.delete(id);
    return { status: 200 };
  };

  return {
    /** Undefined: not an address of the pages. */
    async handle(request: AppRequest): Promise<AppAnswer | undefined> {
      if (request.path !== '/' && request.path !== '/thoat') return undefined;
      if (hubOrigin === undefined) return showProblem(503, 'Chưa cấu hình đăng nhập một lần.');
      const service = `http://${request.headers.host}/`;
      if (request.method === 'POST') return end(readLogout(request.body));
      const id = idOf(request);
      if (request.path === '/thoat') {
        sessions.delete(id);
        return redirect(
          `${hubOrigin}/cas/logout?${new URLSearchParams({ service })}`,
          setCookie('', '; Max-Age=0'),
        );
      }
      const ticket = request.query.get('ticket');
      if (ticket !== null) return enter(hubOrigin, service, ticket);
      const session = sessions.get(id);
      if (session === undefined) return redirect(casLoginUrl(hubOrigin, service));
      return showDesk(session, accountOf(session.username));
    },
    /** For `/_state/sessions`, without the tickets. */
    sessions: () => [...sessions.values()].map(({ ticket: _ticket, ...told }) => told),
  };
};
