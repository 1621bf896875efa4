import Provider, { type AdapterPayload } from 'oidc-provider';
import type { PartContext } from '#hub/platform/part.ts';
import type { SignOnClient } from '#schemas/sign-on.ts';
import { type SecretPlace, toClientMetadata } from '#sso/provider/client-metadata.ts';

/** Clients that are part of the hub itself, by id; undefined: no such one. */
export type OwnClients = (clientId: string) => Promise<SignOnClient | undefined>;

/** What cannot be a client's id need not be asked for (PostgreSQL takes no NUL). */
const possible = /^[\x21-\x7e]{1,200}$/;

/** So long a client is remembered where the news of a change did not come. */
const rememberMs = 5000;
/** More clients than a province has. */
const mostRemembered = 1000;

/** A client as the provider wants it, by where its secret comes. */
interface Known {
  as: Record<SecretPlace, AdapterPayload | undefined>;
  until: number;
}

/** Finds clients in the apps register. A change there is heard at once, and holds after five seconds at the latest. */
export const createFindClient = ({ call, wake }: Pick<PartContext, 'call' | 'wake'>, own: OwnClients) => {
  const remembered = new Map<string, Known>();
  wake.on('apps', () => remembered.clear());
  const find = async (clientId: string): Promise<Known['as'] | undefined> => {
    const known = remembered.get(clientId);
    if (known !== undefined && known.until > performance.now()) return known.as;
    const client = (await own(clientId)) ?? (await call('apps.sign-on-client', { clientId }));
    if (client === undefined) {
      remembered.delete(clientId);
      return undefined;
    }
    if (remembered.size >= mostRemembered) remembered.clear();
    const as = {
      client_secret_basic: toClientMetadata(client, 'client_secret_basic'),
      client_secret_post: toClientMetadata(client, 'client_secret_post'),
    };
    remembered.set(clientId, { as, until: performance.now() + rememberMs });
    return as;
  };
  return async (clientId: string): Promise<AdapterPayload | undefined> => {
    if (!possible.test(clientId)) return undefined;
    const found = await find(clientId);
    if (found === undefined) return undefined;
    const byHeader = /^basic /i.test(Provider.ctx?.get('authorization') ?? '');
    return found[byHeader ? 'client_secret_basic' : 'client_secret_post'];
  };
};
