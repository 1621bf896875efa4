import type { OpenIdClient } from '#sandbox/kit/open-id-page.ts';
import type { Call } from '#schemas/calls.ts';
import type { ClientSignOn } from '#schemas/sign-on.ts';

/** The apps whose pages are opened by OpenID Connect. */
export const openIdApps = ['hr', 'operations-page', 'portal'] as const;

const clientIdOf = (appId: string): string => `${appId}-web`;

const signOnAt = (origin: string): ClientSignOn => ({
  redirectUris: [`${origin}/callback`],
  postLogoutRedirectUris: [`${origin}/`],
  backchannelLogoutUri: `${origin}/backchannel-logout`,
});

/**
 * Registers the apps' clients at the addresses that they have this time. Answers the secrets of those that are new:
 * the hub tells them once.
 */
export const registerOpenId = async (
  call: Call,
  apps: { id: string; origin: string }[],
): Promise<Record<string, OpenIdClient>> => {
  const made: Record<string, OpenIdClient> = {};
  for (const { id, origin } of apps.filter(app => (openIdApps as readonly string[]).includes(app.id))) {
    const clientId = clientIdOf(id);
    const signOn = signOnAt(origin);
    if (await call('apps.sign-on-client', { clientId }))
      await call('apps.set-client-sign-on', { appId: id, clientId, signOn, actor: 'sandbox' });
    else
      made[id] = await call('apps.create-client', {
        clientId,
        appId: id,
        scopes: [],
        signOn,
        actor: 'sandbox',
      });
  }
  return made;
};
