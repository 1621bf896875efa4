import createApps from '#hub/apps/apps.service.ts';
import createEvents from '#hub/events/events.service.ts';
import { startGateway } from '#hub/gateway/start-gateway.ts';
import { inTransaction, type Tx } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import type { Part } from '#hub/platform/part.ts';
import type { Entitlement, Scope } from '#schemas/app.ts';
import type { CloudEvent } from '#schemas/cloud-event.ts';
import { type EventName, eventType, type NewEvent } from '#schemas/event.ts';
import createSso from '#sso/sso.service.ts';
import { createLogBook, type Problem } from '#tests/http/start-edge.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { getToken } from '#tests/support/get-token.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** A province of two offices, one of them with a room below it. */
export const unitIds = {
  office: '00000000-0000-4000-8000-000000000001',
  room: '00000000-0000-4000-8000-000000000002',
  elsewhere: '00000000-0000-4000-8000-000000000003',
};
const units = {
  name: 'units',
  actions: {
    'units.latest': async () => [
      { id: unitIds.office },
      { id: unitIds.room, parentId: unitIds.office },
      { id: unitIds.elsewhere },
    ],
  },
} as unknown as Part;

/** Everything that may be known of a person, in the room. */
export const person = (id: string, unitId = unitIds.room) => ({
  id,
  version: 1,
  status: 'active',
  code: 'CB0001',
  name: 'Trần Thị Hồng Gấm',
  username: 'gamtth',
  unitId,
  unitCode: 'H57.01',
  unitName: 'Phòng Nội vụ',
  title: 'Chuyên viên',
  positions: [{ unitId, unitCode: 'H57.01', unitName: 'Phòng Nội vụ', title: 'Chuyên viên', main: true }],
  phone: '0912000111',
  rank: '01.003',
  grade: 3,
  coefficient: 300,
  awards: [{ title: 'Bằng khen 2024' }],
  disciplines: [{ title: 'Khiển trách 2023' }],
});

export const fact = (name: EventName, subject: string, subjectVersion: number, data = {}): NewEvent => ({
  type: eventType(name),
  subject,
  subjectVersion,
  source: 'hr',
  actor: 'client/secret-actor',
  data,
});

/** A fact about a person, with a full snapshot. */
export const staffFact = (name: EventName, id: string, version = 1, more: object = {}): NewEvent =>
  fact(name, `staff/${id}`, version, { staffId: id, staff: person(id), ...more });

export interface Page {
  items: CloudEvent[];
  next: string;
  more?: boolean;
}

/** One answer: its status and its JSON (a problem or what the route promises). */
export interface Answer<T> {
  status: number;
  body: T & Problem & { params?: Record<string, string> };
  headers: Headers;
}

export interface EventsGateway {
  hub: TestHub;
  origin: string;
  lines: string[];
  write(...events: NewEvent[]): Promise<void>;
  /** Registers or changes an app that may see this. */
  putApp(id: string, entitlement: Partial<Entitlement>, enabled?: boolean): Promise<void>;
  /** A token for a new client of an app, or of none. */
  token(appId: string | undefined, ...scopes: Scope[]): Promise<string>;
  /** Waits until an app that was just made is known to those who keep apps in memory for a moment. */
  known(token: string): Promise<void>;
  ask<T = Page>(method: string, path: string, token?: string, body?: unknown): Promise<Answer<T>>;
  /** All that a reader finds from a place on, page by page to the end. */
  readAll(
    token: string,
    query?: string,
    after?: string,
  ): Promise<{ items: CloudEvent[]; pages: number; next: string }>;
  stop(): Promise<void>;
}

export const writeFacts = async (tx: Tx, ...events: NewEvent[]): Promise<void> => {
  await lockSubjects(tx, [...new Set(events.map(event => event.subject))]);
  await appendEvents(tx, events);
};

/** Apps, sign-on, the events part and the gateway on a free port, on a database of their own. */
export const startEventsGateway = async (): Promise<EventsGateway> => {
  const port = await chooseFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const hub = await createTestHub([createApps, createSso, createEvents], {
    config: { port, origin },
    stubs: [units],
  });
  // Its background work reads the log too: here only the readers that specs watch shall.
  for (const part of hub.parts) if (part.name === 'sso') await part.stop?.();
  const { log, lines } = createLogBook();
  const gateway = await startGateway(
    { ...hub.context, log },
    hub.parts.flatMap(part => part.routes ?? []),
    async () => ({ ready: true, roles: {} }),
    hub.parts.flatMap(part => part.mounts ?? []),
  );
  const ask: EventsGateway['ask'] = async (method, path, token, body) => {
    const answer = await fetch(origin + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
  };
  return {
    hub,
    origin,
    lines,
    ask,
    async write(...events) {
      await inTransaction(hub.db, tx => writeFacts(tx, ...events));
      hub.context.wake.notify('events');
    },
    async putApp(id, entitlement, enabled = true) {
      await hub.call('apps.put', {
        app: {
          id,
          name: id,
          owner: 'test',
          enabled,
          entitlement: { purpose: 'test', attributes: [], ...entitlement },
        },
        actor: 'test',
      });
    },
    token: (appId, ...scopes) => getToken({ call: hub.call, origin }, appId, scopes),
    async known(token) {
      await waitUntil(
        'the app to be known',
        async () => (await ask('GET', '/api/v1/events?after=latest', token)).status === 200,
        { withinMs: 10_000 },
      );
    },
    async readAll(token, query = '', after = '') {
      const items: CloudEvent[] = [];
      let next = after;
      for (let pages = 1; ; pages++) {
        const { status, body } = await ask<Page>('GET', `/api/v1/events?after=${next}&${query}`, token);
        if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
        items.push(...body.items);
        next = body.next;
        if (!body.more) return { items, pages, next };
      }
    },
    async stop() {
      await gateway.stop();
      await hub.stop();
    },
  };
};
