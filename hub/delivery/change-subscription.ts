import type { Subscription, SubscriptionChange } from '#schemas/subscription.ts';
import { checkTypes } from './check-types.ts';
import { refuseBadUrl, viewerOf } from './create-subscription.ts';
import { type Asked, changeOne, type ManageContext, requireSubscription } from './manage-context.ts';
import { showSubscription } from './show-subscription.ts';
import { openKeys, rotateKeys, sealKeys, showKey } from './signing-keys.ts';
import { deleteSubscription, setKeys, setState, updateSubscription } from './subscription-store.ts';

const hourMs = 3_600_000;

const show = async (context: ManageContext, { caller }: Asked, id: string): Promise<Subscription> =>
  showSubscription(context.secrets, await requireSubscription(context.db, caller, id), context.clock.now());

/** Changes what is given. What is under way is finished first, by the old address. */
export const changeSubscription = async (
  context: ManageContext,
  asked: Asked,
  id: string,
  change: SubscriptionChange,
): Promise<Subscription> => {
  const { app } = await requireSubscription(context.db, asked.caller, id);
  if (change.url !== undefined) refuseBadUrl(context, change.url);
  const types = change.types ? checkTypes(change.types, await viewerOf(context, app)) : change.types;
  await changeOne(context, asked, id, 'changed', async tx => {
    await updateSubscription(tx, id, types === undefined ? change : { ...change, types });
    return { result: undefined, detail: { changed: Object.keys(change) } };
  });
  return show(context, asked, id);
};

/** Stops it, or lets it go on from where it stands; a disabled one too. */
export const switchSubscription = async (
  context: ManageContext,
  asked: Asked,
  id: string,
  state: 'active' | 'paused',
): Promise<Subscription> => {
  await changeOne(context, asked, id, state === 'active' ? 'resumed' : 'paused', async tx => {
    await setState(tx, id, state);
    return { result: undefined };
  });
  return show(context, asked, id);
};

/** Gives it new keys; for `overlapHours` requests carry the signatures of the old ones too. */
export const rotateSecret = async (
  context: ManageContext,
  asked: Asked,
  id: string,
  overlapHours: number,
): Promise<Subscription & { secrets: string[] }> => {
  const expiresAt = new Date(context.clock.now() + overlapHours * hourMs).toISOString();
  const secrets = await changeOne(context, asked, id, 'secret-rotated', async (tx, row) => {
    const keys = rotateKeys(openKeys(context.secrets, row.signingKeys), expiresAt);
    await setKeys(tx, id, sealKeys(context.secrets, keys));
    const made = keys.filter(key => key.expiresAt === undefined).map(showKey);
    return { result: made, detail: { overlapHours } };
  });
  return { ...(await show(context, asked, id)), secrets };
};

export const removeSubscription = (context: ManageContext, asked: Asked, id: string): Promise<void> =>
  changeOne(context, asked, id, 'deleted', async tx => {
    await deleteSubscription(tx, id);
    return { result: undefined };
  });
