import type { EventName } from '#schemas/event.ts';
import type { AccountValues } from './account-values.ts';
import type { ClaimedTask } from './task-store.ts';

/**
 * What becomes of a claimed task. `returned`: nothing was tried, it goes back as it was; `retry`: again after
 * `delayMs`; `dead`: given up, a person must look; `held`: stopped by the disable guard.
 */
export type TaskOutcome = 'done' | 'retry' | 'dead' | 'held' | 'returned';

/** One call that was made to an app, for tracing. */
export interface ExchangeRecord {
  app: string;
  port: string;
  method: string;
  staffId?: string | undefined;
  generation?: number | undefined;
  outcome: 'ok' | 'failed';
  errorCode?: string | undefined;
  /** Safe to show: the connector's words, without personal data. */
  detail?: string | undefined;
  externalId?: string | undefined;
  durationMs: number;
  factAt?: Date | null | undefined;
  at: Date;
}

/** What the account row becomes. */
export interface AccountChange {
  externalId: string | null;
  enabled: boolean;
  given: AccountValues;
  state: 'linked' | 'disputed';
}

/** The end of one task's round, with everything that is written about it in one transaction. */
export interface Settlement {
  task: Pick<ClaimedTask, 'app' | 'staffId' | 'generation' | 'leaseToken'>;
  outcome: TaskOutcome;
  attempts: number;
  delayMs?: number | undefined;
  intent?: 'upsert' | 'disable' | undefined;
  error?: { code: string; message: string } | undefined;
  /** The app makes no accounts and does not know the person yet: no fault of anybody, it is asked again slowly. */
  unfiled?: boolean | undefined;
  account?: AccountChange | undefined;
  event?: { name: EventName; data: Record<string, unknown> } | undefined;
  exchange?: ExchangeRecord | undefined;
  /** The owner of mail addresses gave the person this one; the register is told before this is settled. */
  confirmedEmail?: string | undefined;
}
