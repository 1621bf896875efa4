import { Cron } from 'croner';
import { insertMessages } from '#hub/flows/messages/message-store.ts';
import { failSource, keepSources, moveSource, takeDue } from '#hub/flows/sources/source-store.ts';
import { type FlowSource, sourcesOf } from '#hub/flows/sources/sources-of.ts';
import { readVersion } from '#hub/flows/versions/read-version.ts';
import { readStage } from '#hub/flows/versions/stage-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';

type Context = Pick<PartContext, 'db' | 'call' | 'config' | 'log' | 'wake'>;
type Due = Awaited<ReturnType<typeof takeDue>>[number];

const page = 100;
const idleMs = 1000;
const timeZone = 'Asia/Ho_Chi_Minh';
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const retryMs = (failures: number): number => Math.min(600_000, 5000 * 2 ** Math.min(failures, 7));

/** The next time of a schedule after a moment, in Vietnamese time. @throws {AppError} `invalid-request`: it is no schedule, or never comes */
export const nextTime = (cron: string, after: Date): Date => {
  let next: Date | null = null;
  try {
    next = new Cron(cron, { timezone: timeZone, paused: true }).nextRun(after);
  } catch {
    // Told below, like one that never comes.
  }
  if (next === null)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/cron', code: 'no-schedule' }] });
  return next;
};

interface Listed {
  items: { item: Record<string, unknown>; cursor: string; at: string }[];
  more: boolean;
}

/** Takes the next page of what changed in an app; the place moves with the messages, in one transaction. */
const takeChanges = async (
  { db, call }: Context,
  due: Due,
  source: FlowSource & { kind: 'changes' },
): Promise<number> => {
  const app = await call('apps.get', { id: source.app });
  const answer = await call('connectors.invoke', {
    id: app.connector ?? source.app,
    port: source.port,
    method: 'list',
    input: [{ limit: page, ...(due.cursor === null ? {} : { after: due.cursor }) }],
  });
  if (!answer.ok)
    throw new AppError('flow-call-failed', { app: source.app, code: answer.code, text: answer.message });
  const { items, more } = answer.result as Listed;
  const to = items.at(-1)?.cursor ?? due.cursor;
  const nextAt = inMs(more ? 0 : source.everySeconds * 1000);
  await inTransaction(db, async tx => {
    if (!(await moveSource(tx, due, { from: due.cursor, to, nextAt }))) return;
    await insertMessages(
      tx,
      items.map(({ item, at }) => ({
        stage: due.stage,
        flow: due.flow,
        node: due.node,
        // What happens to one thing comes one after the other.
        key: `${source.app}/${source.port}/${String(item.externalId ?? item.id ?? item.number ?? '')}`,
        message: { payload: item, topic: `${source.app}/${source.port}`, changedAt: at },
        attempts: source.attempts,
      })),
    );
  });
  return items.length;
};

/** One message for a time that has come. Times that passed while nobody was there are one. */
const takeTime = async (
  { db }: Context,
  due: Due,
  source: FlowSource & { kind: 'schedule' },
): Promise<number> => {
  // By whichever clock is ahead: the time that is due must not come again.
  const nextAt = nextTime(source.cron, new Date(Math.max(Date.now(), due.dueAt.getTime()))).toISOString();
  const at = due.dueAt.toISOString();
  await inTransaction(db, async tx => {
    if (!(await moveSource(tx, due, { from: due.cursor, to: at, nextAt }))) return;
    const { stage, flow, node } = due;
    const message = { payload: { at }, topic: 'schedule' };
    await insertMessages(tx, [{ stage, flow, node, key: null, message, attempts: source.attempts }]);
  });
  return 1;
};

/** Brings into flows what changed in apps, and what the clock says, each thing once, however many nodes the hub has. */
export const runSources = (context: Context): Repeater => {
  const { db, config, log, wake } = context;
  const { flowStage: stage } = config;

  const take = async (due: Due, source: FlowSource): Promise<number> => {
    try {
      return source.kind === 'changes'
        ? await takeChanges(context, due, source)
        : await takeTime(context, due, source);
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal';
      const text = error instanceof Error ? error.message : String(error);
      log.warn({ flow: due.flow, node: due.node, code }, 'a source of a flow brought nothing');
      await failSource(db, due, { code, text: text.slice(0, 2000) }, inMs(retryMs(due.failures)));
      return 0;
    }
  };

  let known: { version: number; sources: FlowSource[] } | undefined;
  /** The sources of the version that runs; all flows are read only when it is another one. */
  const read = async (): Promise<FlowSource[]> => {
    const running = await readStage(db, stage);
    if (running === undefined) return [];
    if (known?.version === running.version) return known.sources;
    const { contents } = await readVersion(db, running.version);
    const sources = sourcesOf(contents);
    await keepSources(
      db,
      stage,
      sources.map(source => ({
        flow: source.flow,
        node: source.node,
        setting: JSON.stringify(source),
        nextAt: source.kind === 'schedule' ? firstTime(source.cron) : new Date().toISOString(),
      })),
    );
    known = { version: running.version, sources };
    return sources;
  };

  return repeat(log, 'sources of flows', async () => {
    const sources = await read();
    if (sources.length === 0) return idleMs;
    const byNode = new Map(sources.map(source => [source.node, source]));
    const due = await takeDue(db, stage, sources);
    const taken = await Promise.all(due.map(one => take(one, byNode.get(one.node)!)));
    if (taken.some(count => count > 0)) wake.notify('flows');
    return due.length > 0 ? 0 : idleMs;
  });
};

/** A schedule that is none is due at once: the failure is then told at its node. */
const firstTime = (cron: string): string => {
  try {
    return nextTime(cron, new Date()).toISOString();
  } catch {
    return new Date().toISOString();
  }
};
