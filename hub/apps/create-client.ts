import { randomBytes } from 'node:crypto';
import { readApp } from '#hub/apps/apps-store.ts';
import { hashSecret, makeSecret } from '#hub/apps/client-secret.ts';
import { insertClient, insertSecret } from '#hub/apps/clients-store.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { scopes as knownScopes } from '#schemas/app.ts';
import type { ClientSignOn } from '#schemas/sign-on.ts';

/** Who a client shall be. */
export interface NewClient {
  clientId?: string;
  appId?: string;
  scopes: string[];
  /** People sign in through it. */
  signOn?: ClientSignOn;
  actor: string;
  requestId?: string;
}

/** Programs of the hub itself go by these names. */
const own = /^lienthong(?:-|$)/;

const refuseUnknownScopes = (scopes: string[]): void => {
  const faults = scopes.flatMap((scope, index) =>
    (knownScopes as readonly string[]).includes(scope)
      ? []
      : [{ pointer: `/scopes/${index}`, code: 'unknown-scope' }],
  );
  if (faults.length > 0) throw new AppError('invalid-request', {}, { faults });
};

/**
 * Makes a client of the token endpoint. Its secret is in this answer and nowhere else: the hub keeps a hash.
 *
 * @throws {AppError} `client-exists` when the id is taken, also by a disabled client, `unknown-app`, `invalid-request` for an unknown scope
 */
export const createClient = async (
  { db }: { db: Database },
  { clientId: wanted, appId, scopes, signOn, actor, requestId }: NewClient,
): Promise<{ clientId: string; clientSecret: string }> => {
  refuseUnknownScopes(scopes);
  const clientId = wanted ?? `${appId ?? 'client'}-${randomBytes(4).toString('hex')}`;
  const clientSecret = makeSecret();
  await inTransaction(db, async tx => {
    if (appId !== undefined && (await readApp(tx, appId)) === undefined)
      throw new AppError('unknown-app', { app: appId });
    if (
      own.test(clientId) ||
      !(await insertClient(tx, { clientId, appId, scopes: [...new Set(scopes)], signOn }))
    )
      throw new AppError('client-exists', { client: clientId });
    await insertSecret(tx, clientId, hashSecret(clientSecret));
    await appendAudit(tx, {
      actor,
      action: 'client.created',
      object: `client/${clientId}`,
      detail: { appId, scopes, ...(signOn === undefined ? {} : { signOn: signOn.redirectUris }) },
      requestId,
    });
  });
  return { clientId, clientSecret };
};
