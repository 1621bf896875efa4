import type { Database } from '#hub/platform/database.ts';
import type { ProvisioningTask } from '#schemas/provisioning.ts';
import { isUuid, readCursor, writeCursor } from './page-cursor.ts';
import { listTasks as selectTasks } from './query-store.ts';

const states = ['ready', 'leased', 'done', 'dead', 'held'];
const placeKeys = ['app', 'staffId'] as const;

export interface TaskFilter {
  app?: string;
  state?: string;
  staffId?: string;
  code?: string;
  cursor?: string;
  limit?: number;
}

/** One page of tasks, in the order of app and person. A filter that fits nothing gives an empty page. */
export const listTasks = async (
  db: Database,
  { state, cursor, limit = 100, ...filter }: TaskFilter,
): Promise<{ items: ProvisioningTask[]; next?: string }> => {
  const after = readCursor(cursor, placeKeys);
  if (after && !isUuid(after.staffId)) return { items: [] };
  if (state !== undefined && !states.includes(state)) return { items: [] };
  const items = await selectTasks(db, {
    ...filter,
    limit: limit + 1,
    ...(state === undefined ? {} : { states: [state] }),
    ...(after === undefined ? {} : { after }),
  });
  if (items.length <= limit) return { items };
  const page = items.slice(0, limit);
  const last = page.at(-1)!;
  return { items: page, next: writeCursor({ app: last.app, staffId: last.staffId }) };
};

/** Tasks that were given up, with the id by which one is replayed: `<app>:<staffId>`. */
export const listDeadLetters = async (
  db: Database,
  filter: Omit<TaskFilter, 'state' | 'staffId'>,
): Promise<{ items: (ProvisioningTask & { id: string })[]; next?: string }> => {
  const page = await listTasks(db, { ...filter, state: 'dead' });
  return { ...page, items: page.items.map(task => ({ id: `${task.app}:${task.staffId}`, ...task })) };
};
