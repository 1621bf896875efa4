import type { Context } from 'koa';
import type Provider from 'oidc-provider';

/** The session of a browser at the provider. */
export interface BrowserSession {
  uid: string;
  staffId: string;
  amr: string[];
  authTime: number;
}

/** Who is signed in with this browser; undefined when nobody is. */
export const sessionOf = async (provider: Provider, ctx: Context): Promise<BrowserSession | undefined> => {
  const session = await provider.Session.get(ctx as Parameters<typeof provider.Session.get>[0]);
  if (session.accountId === undefined || session.uid === undefined) return undefined;
  return {
    uid: session.uid,
    staffId: session.accountId,
    amr: session.amr ?? [],
    authTime: session.loginTs ?? 0,
  };
};
