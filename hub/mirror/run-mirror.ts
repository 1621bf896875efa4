import { randomUUID } from 'node:crypto';
import type { PartContext } from '#hub/platform/part.ts';
import { repeat } from '#hub/platform/repeat.ts';
import { readUsers } from './access-store.ts';
import { dropStrangers } from './build-stream.ts';
import { leaseStreams, listStreams, releaseStreams, type StreamRow, setStreams } from './mirror-store.ts';
import { carryOn, findDifference, LeaseLost, type MirrorTools, pageSize, rebuild } from './mirror-stream.ts';
import { createNatsLink, type JetStream } from './nats-link.ts';
import { StreamDiffers } from './publish-page.ts';
import { sharedStream, streamOf } from './stream-names.ts';
import { type View, viewOf } from './views.ts';

const restMs = 100;
const idleMs = 1000;
const listMs = 3000;
const dayMs = 86_400_000;
/** A stream that is wrong again right after it was made anew (a full disk, somebody else's hand) is not made at once. */
const rebuildWaitMs = (first: number, count: number): number => Math.min(first * 2 ** count, 600_000);

/** What a node remembers of a stream; the truth is in PostgreSQL. */
interface Memory {
  checkAt: number;
  rebuilds: number;
  rebuildAt: number;
  failing: boolean;
  /** A publish was refused: the stream is wrong, even if a look at it does not tell. */
  refused: boolean;
  /** The sequence that this node noted last, with nothing under way; undefined: more may have been published. */
  noted: number | undefined;
}

/** What tests hand in. */
export interface MirrorOptions {
  /** How often streams are compared with what was published to them. */
  checkMs?: number;
  /** How long an answer of NATS is waited for. */
  answerMs?: number;
  /** How long a stream rests that is wrong again right after it was made anew; doubled each time. */
  rebuildMs?: number;
}

/** The mirror at work. */
export interface Mirror {
  /** The apps or their access have changed. */
  appsChanged(): void;
  stop(): Promise<void>;
}

/** The work, until it is stopped. */
export const startMirror = (
  { call, config, db, log, tail, viewers }: PartContext,
  url: string,
  { checkMs = 30_000, answerMs = 5000, rebuildMs = 250 }: MirrorOptions = {},
): Mirror => {
  const token = randomUUID();
  const link = createNatsLink(url, log, answerMs);
  const tools: MirrorTools = { db, tail, log, token, maxAgeMs: config.natsKeepDays * dayMs };
  const memories = new Map<string, Memory>();
  let seenTimes = 0;
  let listAt = 0;
  let tidyAt = 0;

  const memoryOf = (stream: string): Memory => {
    const known = memories.get(stream) ?? {
      checkAt: 0,
      rebuilds: 0,
      rebuildAt: 0,
      failing: false,
      refused: false,
      noted: undefined,
    };
    memories.set(stream, known);
    return known;
  };

  /** The streams that there shall be: apps that are switched on and have a user. */
  const list = async (): Promise<void> => {
    const withUser = new Set((await readUsers(db)).map(user => user.app));
    const apps = (await call('apps.list', {})).filter(app => app.enabled && withUser.has(app.id));
    const own = apps.map(({ id }) => ({ stream: streamOf(id), app: id }));
    await setStreams(db, [{ stream: sharedStream, app: null }, ...own]);
    listAt = performance.now() + listMs;
  };

  const tidy = async ({ manager }: JetStream): Promise<void> => {
    tidyAt = performance.now() + Math.min(checkMs, listMs);
    const dropped = await dropStrangers(
      manager,
      new Set((await listStreams(db)).map(({ stream }) => stream)),
    );
    if (dropped.length > 0) log.info({ dropped }, 'JetStream streams of apps without access were removed');
  };

  /** The stream as it may be gone on with; undefined: it is wrong and rests before it is made anew. */
  const mend = async (
    js: JetStream,
    row: StreamRow,
    view: View,
    memory: Memory,
  ): Promise<StreamRow | undefined> => {
    const reason = row.seenAs !== null && row.seenAs !== view.seenAs ? 'entitlement' : undefined;
    const due = performance.now() >= memory.checkAt || row.created === null;
    const inFlight = memory.noted === row.lastSeq ? 0 : pageSize;
    const seen = due ? await findDifference(tools, js, row, inFlight) : undefined;
    const found = reason ?? seen ?? (memory.refused ? 'foreign' : undefined);
    if (found === undefined) {
      if (due) {
        memory.rebuilds = 0;
        memory.checkAt = performance.now() + checkMs;
      }
      return row;
    }
    if (performance.now() < memory.rebuildAt) return undefined;
    memory.rebuildAt = performance.now() + rebuildWaitMs(rebuildMs, memory.rebuilds++);
    const built = await rebuild(tools, js, row, { view, reason: found });
    memory.refused = false;
    memory.checkAt = performance.now() + checkMs;
    return built;
  };

  const turn = async (js: JetStream, leased: StreamRow): Promise<boolean> => {
    const memory = memoryOf(leased.stream);
    try {
      const view = await viewOf(viewers, leased.app);
      const row = view && (await mend(js, leased, view, memory));
      if (row === undefined) return false;
      const done = await carryOn(tools, js, row, view!);
      memory.failing = false;
      memory.noted = done.row.lastSeq;
      return done.more;
    } catch (error) {
      memory.checkAt = 0;
      memory.noted = undefined;
      if (error instanceof LeaseLost) return false;
      if (error instanceof StreamDiffers) {
        memory.refused = true;
        return true;
      }
      if (!memory.failing && js === (await link.open()))
        log.warn(
          { err: error, stream: leased.stream },
          'a JetStream stream cannot be given its facts; tried again',
        );
      memory.failing = true;
      throw error;
    }
  };

  const repeater = repeat(
    log,
    'mirror of the log in JetStream',
    async () => {
      const js = await link.open();
      if (js === undefined) return idleMs;
      if (link.times() !== seenTimes) {
        for (const memory of memories.values()) memory.checkAt = 0;
        tidyAt = 0;
        seenTimes = link.times();
      }
      if (performance.now() >= listAt) await list();
      const turns = await Promise.allSettled((await leaseStreams(db, token)).map(row => turn(js, row)));
      // What is left behind this time goes the next.
      if (performance.now() >= tidyAt) await tidy(js).catch(() => {});
      const more = turns.some(one => one.status === 'fulfilled' && one.value);
      return more ? 0 : Math.min(idleMs, checkMs);
    },
    { restMs },
  );
  const endNews = tail.onNews(repeater.wake);
  return {
    appsChanged() {
      listAt = 0;
      repeater.wake();
    },
    async stop() {
      endNews();
      await repeater.stop();
      await link.close();
      await releaseStreams(db, token).catch(() => {});
    },
  };
};
