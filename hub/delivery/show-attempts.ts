import { AppError } from '#hub/platform/errors.ts';
import { renderEvent } from '#hub/platform/events/render-event.ts';
import { decodeCursor, type Page, toPage } from '#hub/platform/http/cursor.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { DeliveryAttempt } from '#schemas/subscription.ts';
import { findAttempt, listAttempts, type StoredAttempt } from './attempt-store.ts';
import { type ManageContext, requireSubscription } from './manage-context.ts';
import { findEvent } from './parked-store.ts';
import { createSigner } from './sign.ts';
import { openKeys } from './signing-keys.ts';
import { webhookHeaders } from './webhook-headers.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const show = (row: StoredAttempt): DeliveryAttempt => ({
  id: row.id,
  eventId: row.eventId,
  type: row.type,
  subject: row.subject,
  at: row.at.toISOString(),
  outcome: row.outcome,
  ...(row.status === null ? {} : { status: row.status }),
  ...(row.errorCode === null ? {} : { errorCode: row.errorCode }),
  durationMs: row.durationMs,
  attempt: row.attempt,
  repeat: row.repeat,
  ...(row.answer === null ? {} : { answer: row.answer }),
});

const readPagePlace = (after: string | undefined): { at: string; id: string } | undefined => {
  const key = decodeCursor(after, ['string', 'string']) as [string, string] | undefined;
  if (key === undefined) return undefined;
  const [at, id] = key;
  if (uuid.test(id) && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/.test(at)) return { at, id };
  throw new AppError('invalid-request', {}, { faults: [{ pointer: '/after', code: 'bad-cursor' }] });
};

/** `status` is `delivered`, `failed` or what the receiver answered (`503`). */
export interface AttemptQuery {
  eventId?: string;
  status?: string;
  subject?: string;
  after?: string;
  limit?: string;
}

/** One page of attempts, newest first. */
export const showAttempts = async (
  { db }: ManageContext,
  caller: Caller,
  id: string,
  { eventId, status, subject, after, limit: wanted }: AttemptQuery,
): Promise<Page<DeliveryAttempt>> => {
  await requireSubscription(db, caller, id);
  const limit = Number(wanted ?? 100);
  const isNumber = status !== undefined && /^\d+$/.test(status);
  const rows = await listAttempts(db, id, {
    eventId,
    subject,
    outcome: isNumber ? undefined : status,
    status: isNumber ? Number(status) : undefined,
    before: readPagePlace(after),
    limit: limit + 1,
  });
  const { items, next } = toPage(rows, limit, row => [row.exactAt, row.id]);
  return { items: items.map(show), ...(next === undefined ? {} : { next }) };
};

/**
 * An attempt with its request, made again from the log as it would be sent now; without pay for a caller without
 * `hr.salary`. The request is absent when the log no longer holds the event or the app may no longer see it.
 *
 * @throws {AppError} `not-found` when this subscription has no such attempt
 */
export const showAttempt = async (
  { db, viewers, secrets, clock }: ManageContext,
  caller: Caller,
  id: string,
  attemptId: string,
): Promise<DeliveryAttempt & { request?: { url: string; headers: object; body: string } }> => {
  const row = await requireSubscription(db, caller, id);
  const attempt = await findAttempt(db, id, attemptId);
  if (attempt === undefined) throw new AppError('not-found');
  const event = await findEvent(db, attempt.eventId);
  const viewer = await viewers.ofApp(row.app);
  const salary = caller.scopes.includes('hr.salary') || caller.scopes.includes('admin');
  const body = event && viewer && renderEvent(event, { ...viewer, salary });
  if (body === undefined) return show(attempt);
  const sign = createSigner(openKeys(secrets, row.signingKeys));
  const headers = { ...webhookHeaders, ...sign(attempt.eventId, body, clock.now()) };
  return { ...show(attempt), request: { url: row.url, headers, body: body.toString() } };
};
