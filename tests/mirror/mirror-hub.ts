import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { JetStreamManager } from '@nats-io/jetstream';
import createApps from '#hub/apps/apps.service.ts';
import { createMirrorWith } from '#hub/mirror/mirror.service.ts';
import type { Config } from '#hub/platform/config.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { appendEvents, beginning, lockSubjects, readEvents } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { App } from '#schemas/app.ts';
import type { CloudEvent } from '#schemas/cloud-event.ts';
import { type Event, type EventName, eventType } from '#schemas/event.ts';
import createSso from '#sso/sso.service.ts';
import type { TestNats } from '#tests/mirror/nats-server.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** A message of a stream. */
export interface Stored {
  seq: number;
  subject: string;
  id: string;
  contentType: string;
  event: CloudEvent;
}

export interface MirrorHub extends TestHub {
  /** Facts in one transaction, each about a person; the versions of each person are kept. */
  write(facts: { name: EventName; staffId?: string; data?: Record<string, unknown> }[]): Promise<void>;
  log(): Promise<Event[]>;
  /** Waits until a stream (the shared one) holds these facts (all), each once, in this order; its messages. */
  mirrored(stream?: string, events?: Event[]): Promise<Stored[]>;
  app(id: string, app?: Partial<App>): Promise<void>;
}

const parts = (nats: TestNats, natsOf?: PartContext['nats']) => [
  createApps,
  createSso,
  (context: PartContext) =>
    createMirrorWith(
      { ...context, nats: natsOf ?? { url: nats.url, usersFile: nats.usersFile, reload: nats.reload } },
      { checkMs: 100, answerMs: 1000, rebuildMs: 10 },
    ),
];

/** Everything in a stream, in its order. */
export const readStream = async (manager: JetStreamManager, stream: string): Promise<Stored[]> => {
  const { state } = await manager.streams.info(stream);
  const stored: Stored[] = [];
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage(stream, { seq }).catch(() => null);
    if (message !== null)
      stored.push({
        seq,
        subject: message.subject,
        id: message.header.get('Nats-Msg-Id'),
        contentType: message.header.get('content-type'),
        event: message.json<CloudEvent>(),
      });
  }
  return stored;
};

/** A person as a fact carries one, with pay and a discipline. */
export const person = (id: string) => ({
  id,
  version: 1,
  status: 'active',
  code: '01.234',
  name: 'Trần Thị Mai',
  username: 'ttmai',
  email: 'ttmai@example.vn',
  positions: [],
  rank: 'A1',
  grade: 3,
  coefficient: 333,
  awards: [],
  disciplines: [{ kind: 'discipline', form: 'khiển trách' }],
});

/** Apps and the mirror on a database of their own. */
export const startMirrorHub = async (
  nats: TestNats,
  options: { databaseUrl?: string; nats?: PartContext['nats']; config?: Partial<Config> } = {},
): Promise<MirrorHub> => {
  const hub = await createTestHub(parts(nats, options.nats), {
    ...(options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }),
    ...(options.config === undefined ? {} : { config: options.config }),
  });
  const versions = new Map<string, number>();
  const manager = await nats.manager();
  const log = async (): Promise<Event[]> =>
    (await readEvents(hub.db, { after: beginning, limit: 100_000 })).events;
  return {
    ...hub,
    async write(facts) {
      const events = facts.map(({ name, staffId = randomUUID(), data }) => {
        const kind = name.startsWith('unit.') ? 'unit' : 'staff';
        const subject = `${kind}/${staffId}`;
        versions.set(subject, (versions.get(subject) ?? 0) + 1);
        return {
          type: eventType(name),
          subject,
          subjectVersion: versions.get(subject)!,
          source: 'hr',
          actor: 'test',
          data: data ?? { staffId, staff: person(staffId) },
        };
      });
      await inTransaction(hub.db, async tx => {
        await lockSubjects(
          tx,
          events.map(({ subject }) => subject),
        );
        await appendEvents(tx, events);
      });
      hub.context.wake.notify('events');
    },
    log,
    async app(id, app = {}) {
      await hub.call('apps.put', {
        app: {
          id,
          name: id,
          owner: 'Sở Nội vụ',
          enabled: true,
          entitlement: { purpose: 'thử', attributes: ['name', 'code'] },
          ...app,
        },
        actor: 'test',
      });
    },
    async mirrored(stream = 'LIENTHONG', events) {
      const expected = (events ?? (await log())).map(({ id }) => id);
      return waitUntil(
        `${expected.length} messages in ${stream}`,
        async () => {
          const { state } = (await manager.streams.info(stream).catch(() => undefined)) ?? {};
          if (state?.messages !== expected.length) return undefined;
          const all = await readStream(manager, stream).catch(() => []);
          return (
            isDeepStrictEqual(
              all.map(({ id }) => id),
              expected,
            ) && all
          );
        },
        { withinMs: 20_000 },
      );
    },
  };
};
