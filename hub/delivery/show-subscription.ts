import { writeEventCursor } from '#hub/platform/events/event-cursor.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { Subscription } from '#schemas/subscription.ts';
import { holdAfter } from './circuit.ts';
import { openKeys, publicKeyOf, validKeys } from './signing-keys.ts';
import type { SubscriptionRow } from './subscription-store.ts';

/** A subscription as anybody who may manage it sees it: no secret in it. */
export const showSubscription = (secrets: Secrets, row: SubscriptionRow, now: number): Subscription => {
  const keys = validKeys(openKeys(secrets, row.signingKeys), now);
  return {
    id: row.id,
    app: row.app,
    url: row.url,
    description: row.description,
    types: row.types,
    state: row.state,
    ...(row.disabledReason === null ? {} : { disabledReason: row.disabledReason }),
    concurrency: row.concurrency,
    rate: row.rate,
    contact: row.contact,
    signatures: [...new Set(keys.map(({ kind }) => kind))],
    publicKeys: keys.filter(({ kind }) => kind === 'v1a').map(publicKeyOf),
    cursor: writeEventCursor(row),
    lag: row.nextAt === null ? 0 : Math.max(0, (now - row.nextAt.getTime()) / 1000),
    parked: row.parked,
    dead: row.dead,
    held: row.state === 'active' && row.failures >= holdAfter,
    replaying: row.replaying,
    ...(row.failingSince === null ? {} : { failingSince: row.failingSince.toISOString() }),
    ...(row.lastSuccessAt === null ? {} : { lastSuccessAt: row.lastSuccessAt.toISOString() }),
    ...(row.lastErrorAt === null
      ? {}
      : {
          lastError: {
            at: row.lastErrorAt.toISOString(),
            code: row.lastErrorCode!,
            ...(row.lastErrorStatus === null ? {} : { status: row.lastErrorStatus }),
          },
        }),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
};
