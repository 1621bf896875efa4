import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { NewSubscription, Subscription } from '#schemas/subscription.ts';
import { checkTypes } from './check-types.ts';
import { faultOfUrl } from './egress-policy.ts';
import { type Asked, appOf, type ManageContext } from './manage-context.ts';
import { readPlace } from './read-place.ts';
import { showSubscription } from './show-subscription.ts';
import { makeSigningKey, type SignatureKind, sealKeys, showKey } from './signing-keys.ts';
import { findSubscription, insertSubscription } from './subscription-store.ts';

const defaultConcurrency = 8;

/** Refuses an address that nothing may be sent to; names are judged again at each connection. */
export const refuseBadUrl = ({ policy }: Pick<ManageContext, 'policy'>, url: string): void => {
  const code = faultOfUrl(url, policy);
  if (code !== undefined) throw new AppError('invalid-request', {}, { faults: [{ pointer: '/url', code }] });
};

/** What an app may see. Also for one that is switched off: nothing is sent until it is switched on. */
export const viewerOf = async (
  { viewers }: Pick<ManageContext, 'viewers'>,
  app: string,
): Promise<EventViewer> => {
  const viewer = await viewers.ofApp(app);
  if (viewer === undefined) throw new AppError('unknown-app', { app });
  return viewer;
};

/**
 * Orders webhooks for an app. The secrets are in this answer and nowhere else.
 *
 * @throws {AppError} `unknown-app` when there is none, it is switched off, or it is not the caller's;
 *   `invalid-request` with the place at fault
 */
export const createSubscription = async (
  context: ManageContext,
  asked: Asked,
  given: NewSubscription,
): Promise<Subscription & { secrets: string[] }> => {
  const { db, secrets, wake, clock } = context;
  const own = appOf(asked.caller);
  const app = given.app ?? own ?? asked.caller.appId;
  if (app === undefined)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/app', code: 'required' }] });
  if (own !== undefined && app !== own) throw new AppError('unknown-app', { app });
  const viewer = await viewerOf(context, app);
  refuseBadUrl(context, given.url);
  const types = given.types === undefined ? null : checkTypes(given.types, viewer);
  const place = await readPlace(db, given.from ?? 'latest', '/from');
  const keys = ((given.signatures ?? ['v1']) as SignatureKind[]).map(makeSigningKey);
  const createdBy = actorOf(asked.caller);
  const row = await inTransaction(db, async tx => {
    const id = await insertSubscription(tx, {
      app,
      url: given.url,
      description: given.description ?? '',
      types,
      concurrency: given.concurrency ?? defaultConcurrency,
      rate: given.rate ?? null,
      contact: given.contact ?? null,
      signingKeys: sealKeys(secrets, keys),
      place,
      createdBy,
    });
    await appendAudit(tx, {
      actor: createdBy,
      action: 'subscription.created',
      object: `subscription/${id}`,
      detail: { app, types },
      requestId: asked.requestId,
    });
    return (await findSubscription(tx, id))!;
  });
  wake.notify('subscriptions');
  return { ...showSubscription(secrets, row, clock.now()), secrets: keys.map(showKey) };
};
