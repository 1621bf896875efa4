import { AppError } from '#hub/platform/errors.ts';
import { showEvent } from '#hub/platform/events/show-event.ts';
import { toCloudEvent } from '#hub/platform/events/to-cloud-event.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { CloudEvent } from '#schemas/cloud-event.ts';
import { findEvent } from './events-store.ts';

/**
 * One fact as the caller may see it.
 *
 * @throws {AppError} `unknown-event` when there is none, and in the same words when the caller may not see it
 */
export const readEvent = async (
  { db, viewers }: Pick<PartContext, 'db' | 'viewers'>,
  caller: Caller,
  id: string,
): Promise<CloudEvent> => {
  const viewer = await viewers.ofCaller(caller);
  const event = await findEvent(db, id);
  const shown = event && showEvent(event, viewer);
  if (shown === undefined) throw new AppError('unknown-event');
  return toCloudEvent(shown);
};
