import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { PartContext } from '#hub/platform/part.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import type { OwnClients } from '#sso/provider/find-client.ts';
import type { Judge } from '#sso/zones/access.ts';

/** What the CAS addresses ask the rest of the sign-on. */
export interface CasDeps {
  context: PartContext;
  bridge: Bridge;
  clientOf: OwnClients;
  judge: Judge;
  provider(): Promise<Provider>;
  /**
   * Notes that a sign-in has opened an app: it must be told of the end. `detail` comes with the first ticket, and is what
   * `createCasLogout` needs. False: the sign-in has ended.
   */
  noteOpened(opened: {
    uid: string;
    clientId: string;
    appId: string;
    sid: undefined;
    detail: { uid: string } | undefined;
  }): Promise<boolean>;
  /** Ends the session of this browser and sees to it that its apps are told. */
  signOut(ctx: Context): Promise<void>;
}

/** One value of a query; undefined when it is absent, empty or given twice. */
export const oneOf = (ctx: Context, name: string): string | undefined => {
  const value = ctx.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A flag of CAS: set by any value, as the protocol has it, but not by `false`, which clients send and mean. */
export const isSet = (ctx: Context, name: string): boolean =>
  !['false', undefined].includes(oneOf(ctx, name));
