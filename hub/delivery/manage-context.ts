import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { EventViewers } from '#hub/platform/events/event-viewers.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { DeliveryClock } from './delivery-clock.ts';
import type { EgressPolicy } from './egress-policy.ts';
import type { Poster } from './post.ts';
import { findSubscription, lockSubscription, type SubscriptionRow } from './subscription-store.ts';

/** What those need who manage subscriptions. */
export interface ManageContext extends Pick<PartContext, 'db' | 'secrets' | 'wake'> {
  viewers: Pick<EventViewers, 'ofApp'>;
  policy: EgressPolicy;
  poster: Poster;
  clock: DeliveryClock;
}

/** Who asks for a change, for the trail. */
export interface Asked {
  caller: Caller;
  requestId: string;
}

/** Whose subscriptions a caller may manage; undefined: everybody's. */
export const appOf = ({ appId, scopes }: Caller): string | undefined => {
  if (scopes.includes('admin')) return undefined;
  if (appId === undefined) throw new AppError('insufficient-scope', { scope: 'admin' });
  return appId;
};

/**
 * The subscription, if the caller may manage it.
 *
 * @throws {AppError} `unknown-subscription` otherwise, be it there or not
 */
export const requireSubscription = async (
  db: Database | Tx,
  caller: Caller,
  id: string,
): Promise<SubscriptionRow> => {
  const app = appOf(caller);
  const found = await findSubscription(db, id);
  if (found === undefined || (app !== undefined && found.app !== app))
    throw new AppError('unknown-subscription');
  return found;
};

/** Runs a change of one subscription in a transaction with its line in the trail, and wakes who serves it. */
export const changeOne = async <T>(
  { db, wake }: Pick<ManageContext, 'db' | 'wake'>,
  { caller, requestId }: Asked,
  id: string,
  action: string,
  work: (tx: Tx, row: SubscriptionRow) => Promise<{ result: T; detail?: Record<string, unknown> }>,
): Promise<T> => {
  const result = await inTransaction(db, async tx => {
    if (!(await lockSubscription(tx, id))) throw new AppError('unknown-subscription');
    const row = await requireSubscription(tx, caller, id);
    const { result, detail } = await work(tx, row);
    await appendAudit(tx, {
      actor: actorOf(caller),
      action: `subscription.${action}`,
      object: `subscription/${id}`,
      detail: { app: row.app, ...detail },
      requestId,
    });
    return result;
  });
  wake.notify('subscriptions');
  return result;
};
