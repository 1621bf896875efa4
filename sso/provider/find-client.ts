import Provider, { type AdapterPayload } from 'oidc-provider';
import type { Call } from '#hub/platform/calls.ts';
import type { SignOnClient } from '#schemas/sign-on.ts';
import { toClientMetadata } from '#sso/provider/client-metadata.ts';

/** Clients that are part of the hub itself, by id; undefined: no such one. */
export type OwnClients = (clientId: string) => Promise<SignOnClient | undefined>;

/** What cannot be a client's id need not be asked for (PostgreSQL takes no NUL). */
const possible = /^[\x21-\x7e]{1,200}$/;

/** Finds clients in the apps register, each time anew: what the IT centre changes holds at once. */
export const createFindClient =
  (call: Call, own: OwnClients) =>
  async (clientId: string): Promise<AdapterPayload | undefined> => {
    if (!possible.test(clientId)) return undefined;
    const found = (await own(clientId)) ?? (await call('apps.sign-on-client', { clientId }));
    if (found === undefined) return undefined;
    const byHeader = /^basic /i.test(Provider.ctx?.get('authorization') ?? '');
    return toClientMetadata(found, byHeader ? 'client_secret_basic' : 'client_secret_post');
  };
