import { randomUUID } from 'node:crypto';
import type { Caller } from '#hub/platform/http/route.ts';
import { errorCodeOf } from './judge-answer.ts';
import { type ManageContext, requireSubscription } from './manage-context.ts';
import { breakOff, createBreaker } from './post.ts';
import { createSigner } from './sign.ts';
import { openKeys } from './signing-keys.ts';
import { webhookHeaders } from './webhook-headers.ts';

/** What a receiver said to a test. */
export interface TestAnswer {
  delivered: boolean;
  eventId: string;
  status?: number;
  errorCode?: string;
  durationMs: number;
  answer: string;
}

/** Sends an event of no fact, `vn.lienthong.test.v1`, and waits for the answer; in any state, and tried once. */
export const sendTest = async (
  { db, secrets, poster, clock }: ManageContext,
  caller: Caller,
  id: string,
  signal: AbortSignal,
): Promise<TestAnswer> => {
  const row = await requireSubscription(db, caller, id);
  const eventId = randomUUID();
  const subject = `subscription/${id}`;
  const text = JSON.stringify({
    specversion: '1.0',
    id: eventId,
    source: '/lienthong/test',
    type: 'vn.lienthong.test.v1',
    subject,
    time: new Date(clock.now()).toISOString(),
    datacontenttype: 'application/json',
    sequence: '0000000001',
    partitionkey: subject,
    data: {},
  });
  const body = Buffer.from(text);
  const sign = createSigner(openKeys(secrets, row.signingKeys));
  const headers = { ...webhookHeaders, ...sign(eventId, body, clock.now()) };
  const breaker = createBreaker();
  signal.addEventListener('abort', () => breakOff(breaker), { once: true });
  const result = await poster.post(poster.target(row.url), headers, body, breaker);
  const errorCode = errorCodeOf(result);
  return {
    delivered: errorCode === undefined,
    eventId,
    ...(result.status === undefined ? {} : { status: result.status }),
    ...(errorCode === undefined ? {} : { errorCode }),
    durationMs: result.durationMs,
    answer: result.answer,
  };
};
