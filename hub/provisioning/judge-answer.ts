import type { AppAccount } from '#schemas/account.ts';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import { staffAttributes } from '#schemas/staff.ts';
import { changedNames, mergeGiven } from './compare-accounts.ts';
import type { AccountRow, Plan } from './plan-account.ts';
import { nextDelay } from './retry-schedule.ts';
import type { AccountChange, ExchangeRecord, Settlement } from './settlement.ts';
import type { ClaimedTask } from './task-store.ts';

/** One call that is due: the task, what is planned, and what is known of the account. */
export interface Job {
  task: ClaimedTask;
  plan: Exclude<Plan, { kind: 'nothing' }>;
  account: AccountRow | undefined;
  createsAccounts: boolean;
  /** The person's address in the register. */
  email: string | undefined;
}

/** Faults of the app as a whole: when it is well again, everybody who waits for it is tried at once. */
export const appFaults: readonly string[] = ['unavailable', 'timed-out', 'unexpected-answer', 'unauthorised'];

type Failure = Extract<InvokeAnswer, { ok: false }>;

const eventData = (job: Job, more: Record<string, unknown>): Record<string, unknown> => ({
  app: job.task.app,
  staffId: job.task.staffId,
  ...more,
});

const success = (job: Job, result: AppAccount): Partial<Settlement> => {
  const { task, plan, account } = job;
  const { externalId } = result;
  if (plan.kind === 'disable')
    return {
      account: { externalId, enabled: false, given: account?.given ?? {}, state: 'linked' },
      event: { name: 'account.disabled', data: eventData(job, { externalId }) },
    };
  const now = { ...plan.given };
  // The app that owns the mail address has the last word on it.
  const answered = task.app === staffAttributes.email.owner ? result.values?.email : undefined;
  if (answered) now.email = answered;
  // Another account than before was given nothing before.
  const before = account?.externalId === externalId ? account.given : {};
  const given = mergeGiven(before, now);
  const isNew = account?.externalId === undefined;
  return {
    account: { externalId, enabled: true, given, state: 'linked' },
    event: isNew
      ? { name: 'account.created', data: eventData(job, { externalId, enabled: true }) }
      : {
          name: 'account.updated',
          data: eventData(job, {
            externalId,
            changed: [...(account.enabled ? [] : ['enabled']), ...changedNames(before, now)],
          }),
        },
    confirmedEmail: answered && answered !== job.email ? answered : undefined,
  };
};

const forgotten: AccountChange = { externalId: null, enabled: false, given: {}, state: 'linked' };

const failure = (job: Job, answer: Failure, random: () => number): Partial<Settlement> => {
  const { task, plan, account } = job;
  const error = { code: answer.code, message: answer.message };
  const attempts = task.attempts + 1;
  const dead = (name: 'account.failed' | 'account.disputed'): Partial<Settlement> => ({
    outcome: 'dead',
    attempts,
    error,
    event: { name, data: eventData(job, { code: answer.code }) },
  });
  const retry = (slow: boolean): Partial<Settlement> => {
    // An app that asks for fewer calls is well; only its pace is wanted, so this is no failed attempt.
    const counted = answer.code === 'rate-limited' ? task.attempts : attempts;
    const delayMs = nextDelay(Math.max(1, counted), random, { slow, retryAfterMs: answer.retryAfterMs ?? 0 });
    return delayMs === undefined
      ? dead('account.failed')
      : { outcome: 'retry', attempts: counted, delayMs, error };
  };
  if (answer.code === 'conflict')
    return {
      ...dead('account.disputed'),
      account: {
        externalId: account?.externalId ?? null,
        enabled: account?.enabled ?? false,
        given: account?.given ?? {},
        state: 'disputed',
      },
    };
  if (answer.code === 'not-found') {
    // What is gone needs no closing.
    if (plan.kind === 'disable') return { outcome: 'done', attempts: 0, account: forgotten };
    // Made anew, once: without an external id a second not-found is final.
    const known = account?.externalId !== undefined;
    if (!job.createsAccounts)
      return { ...retry(true), unfiled: true, ...(known ? { account: forgotten } : {}) };
    return known
      ? { outcome: 'retry', attempts, delayMs: 0, error, account: forgotten }
      : dead('account.failed');
  }
  return answer.retryable ? retry(false) : dead('account.failed');
};

/** Whether a sound answer is what the port promises; the connector's kit checks the rest. */
const isAccount = (result: unknown): result is AppAccount =>
  typeof (result as AppAccount | undefined)?.externalId === 'string';

const unexpected = (durationMs: number): Failure => ({
  ok: false,
  code: 'unexpected-answer',
  message: 'the connector answered without an account',
  retryable: true,
  durationMs,
});

/** Pure: what the app's answer means for the task, the account, the event log and the trace. */
export const judgeAnswer = (job: Job, given: InvokeAnswer, random: () => number, at: Date): Settlement => {
  const answer = given.ok && !isAccount(given.result) ? unexpected(given.durationMs) : given;
  const { task, plan } = job;
  const exchange: ExchangeRecord = {
    app: task.app,
    port: 'accounts',
    method: plan.kind === 'disable' ? 'disable' : 'upsert',
    staffId: task.staffId,
    generation: task.generation,
    outcome: answer.ok ? 'ok' : 'failed',
    errorCode: answer.ok ? undefined : answer.code,
    detail: answer.ok ? undefined : answer.message,
    externalId: answer.ok ? (answer.result as AppAccount).externalId : job.account?.externalId,
    durationMs: Math.round(answer.durationMs),
    factAt: task.factAt,
    at,
  };
  return {
    task,
    outcome: 'done',
    attempts: 0,
    intent: plan.kind === 'disable' ? 'disable' : 'upsert',
    exchange,
    ...(answer.ok ? success(job, answer.result as AppAccount) : failure(job, answer, random)),
  };
};
