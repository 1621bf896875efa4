import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

/** An event of the hub: CloudEvents 1.0, with `data` by `type` as /api/asyncapi.json describes it. */
export interface HubEvent {
  id: string;
  type: string;
  subject: string;
  time: string;
  sequence: string;
  data: Record<string, unknown>;
}

/**
 * What this program does with events: it writes each one down, once. The file is the work and also the memory of what
 * is done. In your app put both into one transaction of your database: insert the id into a table where it is the
 * primary key; if it is there already do nothing, otherwise make your change; commit. One process at a time may use a
 * file.
 */
export const openEventStore = (file: string) => {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  // A line that a crash cut short was never confirmed to the hub: it comes again.
  if (whole.length < bytes.length) truncateSync(file, whole.length);
  const lines = whole.toString('utf8').split('\n');
  const known = new Set(lines.filter(line => line !== '').map(line => (JSON.parse(line) as HubEvent).id));
  return {
    /** Gives those that were not here before. When this returns they are on the disk. */
    take(events: HubEvent[]): HubEvent[] {
      const byId = new Map(events.map(event => [event.id, event]));
      const fresh = [...byId.values()].filter(({ id }) => !known.has(id));
      const text = fresh.map(event => `${JSON.stringify(event)}\n`).join('');
      if (text !== '') appendFileSync(file, text, { flush: true });
      for (const { id } of fresh) known.add(id);
      return fresh;
    },
  };
};
