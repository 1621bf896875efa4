import { Gauge, register } from 'prom-client';
import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import { findHolder, type Holder } from './held-log-store.ts';

const name = 'lienthong_event_log_held_seconds';

/**
 * Watches for a transaction that stays open and holds all readers of the log back (ADR 3): nothing is lost by it, but
 * nothing new is delivered until it ends. Publishes its age as `lienthong_event_log_held_seconds` (0: none), and warns
 * once when it passes `warnAfterSeconds`, with what ends it: the process id.
 */
export const watchHeldLog = (
  { db, log }: Pick<PartContext, 'db' | 'log'>,
  { warnAfterSeconds = 30, everyMs = 5000 }: { warnAfterSeconds?: number; everyMs?: number } = {},
): Repeater => {
  register.removeSingleMetric(name);
  const gauge = new Gauge({
    name,
    help: 'Age of the oldest open transaction that holds readers of the event log back',
    async collect() {
      // What cannot be known now keeps its last value; the readiness check tells that the database is away.
      await findHolder(db).then(
        holder => this.set(holder?.seconds ?? 0),
        () => {},
      );
    },
  });
  let warned = false;
  const judge = (holder: Holder | undefined): void => {
    const { pid, program, state, seconds = 0 } = holder ?? {};
    const isLong = seconds >= warnAfterSeconds;
    if (isLong && !warned)
      log.warn(
        { pid, program, state, seconds: Math.round(seconds) },
        'an open transaction holds the event log back: nothing new reaches the apps until it ends',
      );
    if (!isLong && warned) log.info('the event log is no longer held back');
    warned = isLong;
  };
  const repeater = repeat(log, 'watch over what holds the event log back', async () => {
    judge(await findHolder(db));
    return everyMs;
  });
  return {
    wake: repeater.wake,
    async stop() {
      if (register.getSingleMetric(name) === gauge) register.removeSingleMetric(name);
      await repeater.stop();
    },
  };
};
