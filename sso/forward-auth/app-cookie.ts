import type { Context } from 'koa';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { Zone } from '#schemas/sign-on.ts';

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

/** `__Host-` keeps neighbours of the domain from setting it; cookies know no ports, so it names the app. */
const nameFor = (appId: string, origin: string): string =>
  `${origin.startsWith('https:') ? '__Host-' : ''}lienthong_${appId}`;

export const createAppCookie = (secrets: Secrets) => ({
  /** Sets the cookie at the app's origin. The proxy between is ours to trust, so its scheme decides on `Secure`. */
  set(ctx: Context, pass: AppPass): void {
    const value = secrets.seal(purpose, JSON.stringify(pass)).toString('base64url');
    const secure = pass.origin.startsWith('https:') ? '; Secure' : '';
    ctx.append(
      'set-cookie',
      `${nameFor(pass.appId, pass.origin)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}`,
    );
  },
  /** The pass that a browser shows at this app and origin; undefined: none, another's, or one that was tampered with. */
  read(ctx: Context, appId: string, origin: string): AppPass | undefined {
    const value = ctx.cookies.get(nameFor(appId, origin), { signed: false });
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
