import type { Call } from '#hub/platform/calls.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { readEvents } from '#hub/platform/event-log.ts';
import type { Event } from '#schemas/event.ts';
import { concernsApp } from './concerns-app.ts';
import type { AppRules } from './desired-account.ts';
import { lockReader, placeReader, type Touched, upsertTasks } from './fan-out-store.ts';

const batch = 1000;
/** So many people changed by one transaction are an import or a reorganisation: bulk work. */
const bulkFrom = 20;

/**
 * What a step did: `idle` found nothing (or another node is at it), `worked` moved on and may find more, `passed` too, with
 * nothing for any app.
 */
export type FanOutStep = 'idle' | 'worked' | 'passed';

const renames = /^vn\.lienthong\.unit\.(updated|merged|closed)\.v1$/;
const isRename = (event: Event): boolean => renames.test(event.type);

/** Somebody whom events name, and what they say was changed; undefined when it may be anything. */
export interface TouchedStaff extends Omit<Touched, 'app'> {
  changed: Set<string> | undefined;
}

/** Who comes, goes or pauses concerns every app, whatever it may see. */
const plain = /^vn\.lienthong\.(staff\.(updated|moved)|position|salary|award|discipline)/;

const changesOf = (type: string, data: Event['data']): Set<string> | undefined =>
  plain.test(type) && Array.isArray(data.changed) ? new Set(data.changed as string[]) : undefined;

/** A task for each app that what was changed concerns. */
const tasksFor = (apps: readonly AppRules[], staff: readonly TouchedStaff[]): Touched[] =>
  staff.flatMap(({ changed, ...one }) =>
    apps.filter(app => concernsApp(app, changed)).map(({ app }) => ({ ...one, app: app.id })),
  );

/**
 * Who is named by events about people, each once with the time of the first event. Bulk is who was only changed
 * together with many others, in one transaction.
 */
export const touchedStaff = (events: readonly Event[]): TouchedStaff[] => {
  const ofStaff = events.filter(({ subject }) => subject.startsWith('staff/'));
  const together = new Map<string, Set<string>>();
  for (const { xid, subject } of ofStaff)
    together.set(xid, (together.get(xid) ?? new Set<string>()).add(subject));
  const touched = new Map<string, TouchedStaff>();
  for (const { xid, subject, at, type, data } of ofStaff) {
    const bulk = together.get(xid)!.size >= bulkFrom;
    const changed = changesOf(type, data);
    const known = touched.get(subject);
    if (known === undefined)
      touched.set(subject, { staffId: subject.slice('staff/'.length), at, bulk, changed });
    else {
      known.bulk &&= bulk;
      known.changed = known.changed && changed && known.changed.union(changed);
    }
  }
  return [...touched.values()];
};

const staffOfUnit = async (call: Call, unitId: string): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await call('staff.search', {
      unitId,
      subtree: true,
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const staff of page.items) ids.push(staff.id);
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
};

/**
 * Turns the next events of the log into tasks: one transaction moves the cursor and writes the tasks, so
 * neither can be had without the other. A unit's change concerns everybody in it and below; who they are is
 * asked outside the transaction, which then only goes on if the cursor has not moved meanwhile.
 */
export const fanOutOnce = async (
  db: Database,
  call: Call,
  apps: readonly AppRules[],
): Promise<FanOutStep> => {
  const step = await inTransaction(db, async (tx): Promise<FanOutStep | Event> => {
    const after = await lockReader(tx);
    if (after === undefined) return 'idle';
    const { events } = await readEvents(tx, { after, limit: batch });
    const [first] = events;
    if (first === undefined) return 'idle';
    if (isRename(first)) return first;
    const rename = events.findIndex(isRename);
    const now = rename === -1 ? events : events.slice(0, rename);
    const tasks = tasksFor(apps, touchedStaff(now));
    await upsertTasks(tx, tasks);
    await placeReader(tx, now.at(-1)!, { lossy: tasks.length === 0 });
    return tasks.length === 0 ? 'passed' : 'worked';
  });
  if (typeof step === 'string') return step;
  const ids = await staffOfUnit(call, step.subject.slice('unit/'.length));
  return inTransaction(db, async tx => {
    const after = await lockReader(tx);
    if (after === undefined) return 'idle';
    const { events } = await readEvents(tx, { after, limit: 1 });
    if (events[0]?.id !== step.id) return 'worked';
    const bulk = ids.length >= bulkFrom;
    const everybody = ids.map(staffId => ({ staffId, at: step.at, bulk, changed: new Set(['positions']) }));
    await upsertTasks(tx, tasksFor(apps, everybody));
    await placeReader(tx, events[0]);
    return 'worked';
  });
};
