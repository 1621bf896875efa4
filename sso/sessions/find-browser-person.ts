import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type Provider from 'oidc-provider';
import type { PartContext } from '#hub/platform/part.ts';
import type { BrowserPerson } from '#schemas/commands/sso.ts';
import { readRoles } from '#sso/accounts/roles-store.ts';
import { mostCookieBytes } from '#sso/hand-over.ts';
import { readFactorAt } from '#sso/sessions/session-store.ts';
import { type BrowserSession, sessionOf } from '#sso/sessions/signed-in.ts';

/**
 * Who is signed in with a browser whose request came to another part of the hub. The provider checks the cookies'
 * signature and finds the session, as it does for requests of its own. `isEnough`: what the session proves, where the
 * request came from.
 */
export const findBrowserPerson = async (
  { call, db }: Pick<PartContext, 'call' | 'db'>,
  provider: Provider,
  cookie: string,
  isEnough: (session: BrowserSession) => Promise<boolean>,
): Promise<BrowserPerson | undefined> => {
  if (cookie === '' || cookie.length > mostCookieBytes) return undefined;
  const request = new IncomingMessage(new Socket());
  request.headers.cookie = cookie;
  const context = provider.createContext(request, new ServerResponse(request));
  const session = await sessionOf(provider, context);
  if (session === undefined || !(await isEnough(session))) return undefined;
  const [staff, roles, factorAt] = await Promise.all([
    call('staff.account', { id: session.staffId }),
    readRoles(db, session.staffId),
    readFactorAt(db, session.uid),
  ]);
  if (staff?.status !== 'active') return undefined;
  return {
    staffId: session.staffId,
    name: staff.name,
    roles,
    sessionId: session.uid,
    ...(factorAt === undefined ? {} : { factorAt: factorAt.toISOString() }),
  };
};
