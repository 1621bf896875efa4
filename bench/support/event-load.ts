import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { BenchHub } from '#bench/support/bench-hub.ts';

/** Requests at once of a webhook under measurement. */
export const webhooksAtOnce = 8;

/** Asks the hub's API as the administrator; throws with what it said when it refuses. */
export type Api = <T>(method: string, path: string, body?: unknown) => Promise<T>;

export const makeApi =
  (hub: BenchHub): Api =>
  async (method, path, body) => {
    const token = await hub.token();
    const answer = await fetch(`${hub.origin}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as never;
  };

/** Provisioning is measured elsewhere: here the six apps are only apps that subscribe. */
export const leaveAppsAlone = async (hub: BenchHub): Promise<void> => {
  await sql`update app set connector = null`.execute(hub.db);
  await pause(3000);
};

/** A long past: facts of people that nobody knows, in one transaction. */
export const writePast = (hub: BenchHub, count: number): Promise<unknown> =>
  sql`
    insert into event (type, subject, subject_version, source, actor, data)
    select e.type, 'staff/' || gen_random_uuid(), 1, e.source, e.actor, e.data
    from (select * from event where type = 'vn.lienthong.staff.updated.v1' limit 1) e, generate_series(1, ${count})
  `.execute(hub.db);

/**
 * So many facts a second straight into the log, in twenty transactions a second: what distributing costs, without
 * what the register costs.
 */
export const writeFacts = async (hub: BenchHub, perSecond: number, seconds: number): Promise<void> => {
  const began = performance.now();
  for (let nr = 1; nr <= seconds * 20; nr++) {
    await writePast(hub, perSecond / 20);
    await pause(Math.max(0, began + nr * 50 - performance.now()));
  }
};

/** A webhook for an app; gives its id. */
export const subscribe = async (
  api: Api,
  app: string,
  url: string,
  { from = 'latest', concurrency = webhooksAtOnce }: { from?: string; concurrency?: number } = {},
): Promise<string> => {
  const { id } = await api<{ id: string }>('POST', '/subscriptions', {
    app,
    url,
    from,
    concurrency,
  });
  return id;
};
