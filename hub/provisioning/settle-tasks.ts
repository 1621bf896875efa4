import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { appendEvents } from '#hub/platform/event-log.ts';
import { eventType } from '#schemas/event.ts';
import { bringForward, noteFailures, noteSuccesses } from './app-health-store.ts';
import { appFaults } from './judge-answer.ts';
import { findHolders, repeatLost, settleTaskRows, writeAccounts, writeExchanges } from './settle-store.ts';
import type { Settlement } from './settlement.ts';

const keyOf = (one: { app: string; staffId: string }): string => `${one.app}/${one.staffId}`;
const linkOf = (app: string, externalId: string): string => `${app}/${externalId}`;

/**
 * An app that answered with an account which is linked to somebody else: two people cannot have one account.
 * The second one is disputed, as if the app had said so.
 */
const refuseSecondLinks = async (tx: Tx, settlements: Settlement[]): Promise<Settlement[]> => {
  const links = settlements.flatMap(({ task, account }) =>
    account?.externalId ? [{ app: task.app, externalId: account.externalId, staffId: task.staffId }] : [],
  );
  const holders = new Map(
    (await findHolders(tx, links)).map(one => [linkOf(one.app, one.externalId), one.staffId]),
  );
  return settlements.map(settlement => {
    const { task, account } = settlement;
    if (!account?.externalId) return settlement;
    const link = linkOf(task.app, account.externalId);
    const holder = holders.get(link);
    if (holder === undefined) holders.set(link, task.staffId);
    if (holder === undefined || holder === task.staffId) return settlement;
    return {
      ...settlement,
      outcome: 'dead',
      attempts: 1,
      error: {
        code: 'conflict',
        message: 'the app answered with an account that is linked to somebody else',
      },
      account: { externalId: null, enabled: false, given: {}, state: 'disputed' },
      event: {
        name: 'account.disputed',
        data: { app: task.app, staffId: task.staffId, externalId: account.externalId, code: 'conflict' },
      },
      confirmedEmail: undefined,
    };
  });
};

/** How each app answered last in this batch. */
const noteHealth = async (tx: Tx, settlements: Settlement[]): Promise<string[]> => {
  const answered = settlements.flatMap(({ exchange, unfiled = false }) =>
    exchange === undefined ? [] : [{ ...exchange, unfiled }],
  );
  const well = new Set<string>();
  const failures = new Map<string, { app: string; code: string; message: string; fault: boolean }>();
  for (const { app, outcome, errorCode, detail, unfiled } of answered) {
    const fault = appFaults.includes(errorCode ?? '');
    // A refusal is a sound answer too: the app is there.
    if (outcome === 'ok' || !fault) well.add(app);
    if (errorCode === undefined || unfiled) continue;
    const before = failures.get(app);
    if (!before?.fault || fault) failures.set(app, { app, code: errorCode, message: detail ?? '', fault });
  }
  await noteFailures(tx, [...failures.values()]);
  return noteSuccesses(tx, [...well]);
};

/**
 * Writes what became of a batch of tasks in one transaction: task, account, events, trace, the app's health.
 * What is not ours any more (the lease ended) is traced, and the app is given the truth once more.
 * Returns how many events were written, the apps that have recovered, and whether tasks are ready `again` at once.
 *
 * The subjects are not locked beforehand as other writers of events must: the lease does it. The next round on
 * a subject is claimed only after this transaction has committed, so its events always have a larger xid. A
 * lock would make every batch wait for the register's large imports, which use the same stripes.
 */
export const settleTasks = async (
  db: Database,
  batch: Settlement[],
): Promise<{ events: number; recovered: string[]; again: boolean }> =>
  inTransaction(db, async tx => {
    const checked = await refuseSecondLinks(tx, batch);
    const written = await settleTaskRows(tx, checked);
    const ours = new Set(written.map(keyOf));
    const settled = checked.filter(one => ours.has(keyOf(one.task)));
    const lost = checked.filter(one => one.exchange !== undefined && !ours.has(keyOf(one.task)));
    await repeatLost(
      tx,
      lost.map(one => one.task),
    );
    const versions = new Map(
      (
        await writeAccounts(
          tx,
          settled.filter(one => one.account || one.event),
        )
      ).map(one => [keyOf(one), one.version]),
    );
    const events = settled.flatMap(({ task, event }) =>
      event === undefined
        ? []
        : [
            {
              type: eventType(event.name),
              subject: `account/${task.app}/${task.staffId}`,
              subjectVersion: versions.get(keyOf(task))!,
              source: 'hub/provisioning',
              actor: 'system',
              data: event.data,
            },
          ],
    );
    await appendEvents(tx, events);
    await writeExchanges(
      tx,
      checked.flatMap(one => one.exchange ?? []),
    );
    const again = written.some(one => one.again);
    return { events: events.length, recovered: await noteHealth(tx, checked), again };
  });

/** After an app has recovered: see `bringForward`. */
export const wakeWaiting = (db: Database, app: string): Promise<void> =>
  inTransaction(db, tx => bringForward(tx, app, appFaults));
