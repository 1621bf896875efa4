import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Context } from 'koa';
import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { chooseFreePort } from '#tests/support/free-port.ts';

/** An account at the older sign-on. */
export interface OldAccount {
  sub: string;
  staff_code?: string;
  email?: string;
  amr?: string[];
  /** For the password grant. */
  password?: string;
}

/** The province's older sign-on: an OpenID provider of another making, with accounts in memory. */
export interface OldSignOn {
  issuer: string;
  client: { clientId: string; clientSecret: string };
  accounts: Map<string, OldAccount>;
  /** Whoever comes next to sign in is this account; undefined: gives up. */
  comes(sub: string | undefined): void;
  stop(): Promise<void>;
}

const client = { clientId: 'truc-lien-thong', clientSecret: 'b'.repeat(43) };

/** Answers the password grant as old sign-ons do. */
const offerPasswordGrant = (provider: Provider, accounts: Map<string, OldAccount>): void => {
  provider.registerGrantType(
    'password',
    async (ctx: KoaContextWithOIDC) => {
      const { username, password } = ctx.oidc.params as { username: string; password: string };
      const account = accounts.get(username);
      if (account?.password === undefined || account.password !== password)
        throw new errors.InvalidGrant('wrong name or password');
      const { sub, staff_code } = account;
      const idToken = new provider.IdToken({ sub, staff_code }, { ctx });
      Object.assign(idToken, { scope: 'openid profile' });
      // Told in the ID token itself, as old sign-ons do that have no userinfo.
      idToken.set('staff_code', staff_code);
      ctx.body = {
        access_token: 'not-for-use',
        token_type: 'Bearer',
        expires_in: 60,
        id_token: await idToken.issue({ use: 'idtoken' }),
      };
    },
    ['username', 'password'],
    [],
  );
};

/** `callbacks` are the addresses that people may come back to. */
export const startOldSignOn = async (callbacks: string[]): Promise<OldSignOn> => {
  const port = await chooseFreePort();
  const issuer = `http://127.0.0.1:${port}`;
  const accounts = new Map<string, OldAccount>();
  let next: string | undefined;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: callbacks,
        grant_types: ['authorization_code', 'password'],
      },
    ],
    claims: { openid: ['sub', 'amr'], profile: ['preferred_username', 'staff_code', 'email'] },
    conformIdTokenClaims: true,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/pick/${uid}` },
    cookies: { keys: ['old'] },
    findAccount: async (_ctx, id) => {
      const account = accounts.get(id);
      if (account === undefined) return undefined;
      const { sub, staff_code, email } = account;
      return { accountId: id, claims: async () => ({ sub, preferred_username: sub, staff_code, email }) };
    },
    loadExistingGrant: async ctx => {
      const grant = new ctx.oidc.provider.Grant({
        accountId: ctx.oidc.session!.accountId!,
        clientId: ctx.oidc.client!.clientId,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx: Context, go) => {
    if (!ctx.path.startsWith('/pick/')) return go();
    const account = next === undefined ? undefined : accounts.get(next);
    const result =
      account === undefined
        ? { error: 'access_denied' }
        : { login: { accountId: account.sub, ...(account.amr && { amr: account.amr }) } };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  });
  provider.on('server_error', (_ctx, error) => console.error(error));
  offerPasswordGrant(provider, accounts);
  const server: Server = createServer(provider.callback()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    issuer,
    client,
    accounts,
    comes(sub) {
      next = sub;
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
