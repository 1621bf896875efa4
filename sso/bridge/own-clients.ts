import type { Call } from '#hub/platform/calls.ts';
import type { App } from '#schemas/app.ts';
import type { SignOnClient } from '#schemas/sign-on.ts';
import type { OwnClients } from '#sso/provider/find-client.ts';

/** The client of our own pages. */
export const pagesClient = 'lienthong';
export const pagesCallback = '/sso/my/callback';

/** How an app is opened that speaks no OpenID, and where its bridge takes people back. */
export const bridges = {
  cas: '/cas/callback',
  'forward-auth': '/forward-auth/callback',
  preauth: '/sso/webmail/callback',
} as const;
export type BridgeKind = keyof typeof bridges;

/** `cas:document-system`: the client by which a bridge signs people in to one app. */
export const bridgeClient = (kind: BridgeKind, appId: string): string => `${kind}:${appId}`;

const settingOf = { cas: 'cas', 'forward-auth': 'forwardAuth', preauth: 'preauth' } as const;

const publicClient = (clientId: string, redirectUri: string, app: App | undefined): SignOnClient => ({
  clientId,
  scopes: [],
  secretHashes: [],
  signOn: { redirectUris: [redirectUri], public: true },
  app:
    app === undefined
      ? null
      : {
          id: app.id,
          name: app.name,
          enabled: app.enabled,
          attributes: app.entitlement.attributes,
          signOn: app.signOn ?? null,
        },
});

/** Clients that nobody registers: our pages', and one for each app that an older protocol opens. */
export const createOwnClients =
  (call: Call, origin: string): OwnClients =>
  async clientId => {
    if (clientId === pagesClient) return publicClient(clientId, origin + pagesCallback, undefined);
    const [kind, appId] = clientId.split(':') as [BridgeKind, string | undefined];
    if (appId === undefined || !(kind in bridges)) return undefined;
    const app = (await call('apps.list', {})).find(({ id }) => id === appId);
    if (app?.signOn?.[settingOf[kind]] === undefined) return undefined;
    return publicClient(clientId, origin + bridges[kind], app);
  };
