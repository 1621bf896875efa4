import type { Database } from '#hub/platform/database.ts';
import { beginning } from '#hub/platform/event-log.ts';
import type { EventTail } from '#hub/platform/events/event-tail.ts';
import type { Log } from '#hub/platform/log.ts';
import { buildStream, ensureConsumer, lookAtStream } from './build-stream.ts';
import { addMark, checkStream, type Difference } from './check-stream.ts';
import { noteStream, placeBefore, type StreamRow } from './mirror-store.ts';
import type { JetStream } from './nats-link.ts';
import { countRebuild } from './publish-figures.ts';
import { publishPage } from './publish-page.ts';
import type { View } from './views.ts';

/** So many facts are under way at most; after a crash so many may be in the stream and not noted. */
export const pageSize = 500;
/** Of one stream in one turn; then the others have theirs. */
const pagesATurn = 20;

/** What the mirroring of a stream needs; `token` is this node's lease. */
export interface MirrorTools {
  db: Database;
  tail: EventTail;
  log: Log;
  token: string;
  maxAgeMs: number;
}

/** Another node has this stream now: whatever it noted holds. */
export class LeaseLost extends Error {}

const note = async ({ db, token }: MirrorTools, row: StreamRow): Promise<StreamRow> => {
  if (!(await noteStream(db, token, row))) throw new LeaseLost();
  return row;
};

/** Makes the stream anew and sets its place back to where the facts that it is to hold begin. */
export const rebuild = async (
  tools: MirrorTools,
  js: JetStream,
  row: StreamRow,
  { view, reason }: { view: View; reason: Difference | 'entitlement' },
): Promise<StreamRow> => {
  const { stream, app } = row;
  if (reason === 'new') tools.log.info({ stream }, 'a JetStream stream is made');
  else {
    countRebuild(stream, reason);
    tools.log.warn({ stream, reason }, 'a JetStream stream differs from the log and is built again');
  }
  // Of nodes that both hold it for theirs only one goes on from here.
  await note(tools, { ...row, created: null });
  const now = Date.now();
  const { created } = await buildStream(js, { stream, app, maxAgeMs: tools.maxAgeMs });
  return note(tools, {
    ...row,
    seenAs: view.seenAs,
    created: String(created),
    lastSeq: 0,
    lastId: null,
    marks: [[0, now]],
    cursor: (await placeBefore(tools.db, new Date(now - tools.maxAgeMs))) ?? beginning,
  });
};

/** Compares the stream with what is noted; a consumer that was deleted is made again. */
export const findDifference = async (
  { maxAgeMs }: MirrorTools,
  { manager }: JetStream,
  row: StreamRow,
  inFlight: number,
): Promise<Difference | undefined> => {
  const seen = await lookAtStream(manager, row.stream, row.lastSeq);
  const difference = checkStream(row, seen, { now: Date.now(), maxAgeMs, inFlight });
  if (difference === undefined && row.app !== null) await ensureConsumer(manager, row.stream, row.app);
  return difference;
};

/**
 * Gives a stream what it lacks, page after page: published, acknowledged, then noted. Answers how far it came, and
 * whether more may follow.
 *
 * @throws {StreamDiffers} {LeaseLost}
 */
export const carryOn = async (
  tools: MirrorTools,
  js: JetStream,
  start: StreamRow,
  view: View,
): Promise<{ row: StreamRow; more: boolean }> => {
  let row = start;
  for (let page = 0; page < pagesATurn; page++) {
    const { events, cursor } = await tools.tail.read({ after: row.cursor, limit: pageSize });
    if (events.length === 0) return { row, more: false };
    const shown = events.flatMap(event => {
      const json = view.show(event);
      return json === undefined ? [] : [{ event, json }];
    });
    await publishPage(js.publisher, row, shown);
    const lastSeq = row.lastSeq + shown.length;
    const marks = addMark(row.marks, lastSeq, Date.now(), tools.maxAgeMs);
    row = await note(tools, { ...row, lastSeq, lastId: shown.at(-1)?.event.id ?? row.lastId, marks, cursor });
    if (events.length < pageSize) return { row, more: false };
  }
  return { row, more: true };
};
