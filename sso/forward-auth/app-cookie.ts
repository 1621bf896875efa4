import type { Context } from 'koa';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { Zone } from '#schemas/sign-on.ts';
import { readHostCookie, setHostCookie } from '#sso/forward-auth/host-cookie.ts';

/** What the cookie of an app says: whose provider session it stands on. It is worth no more than that session. */
export interface AppPass {
  appId: string;
  /** The origin that it was set at; good at no other. */
  origin: string;
  uid: string;
  staffId: string;
  /** Where the person signed in from. */
  zone: Zone;
}

const purpose = 'forward-auth-cookie';
/** Cookies know no ports: two apps at one host name must not take each other's place. */
const nameFor = (appId: string): string => `lienthong_${appId}`;

export const createAppCookie = (secrets: Secrets) => ({
  set(ctx: Context, pass: AppPass): void {
    const value = secrets.seal(purpose, JSON.stringify(pass)).toString('base64url');
    setHostCookie(ctx, pass.origin, { name: nameFor(pass.appId), value });
  },
  /** The pass that a browser shows at this app and origin; undefined: none, another's, or one that was tampered with. */
  read(ctx: Context, appId: string, origin: string): AppPass | undefined {
    const value = readHostCookie(ctx, origin, nameFor(appId));
    if (value === undefined) return undefined;
    try {
      const pass = JSON.parse(secrets.open(purpose, Buffer.from(value, 'base64url'))) as AppPass;
      return pass.appId === appId && pass.origin === origin ? pass : undefined;
    } catch {
      return undefined;
    }
  },
});
export type AppCookie = ReturnType<typeof createAppCookie>;
