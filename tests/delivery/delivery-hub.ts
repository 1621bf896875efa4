import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import createApps from '#hub/apps/apps.service.ts';
import { createDeliveryWith, type DeliveryOptions } from '#hub/delivery/delivery.service.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import type { Caller, Route } from '#hub/platform/http/route.ts';
import type { Part } from '#hub/platform/part.ts';
import type { Entitlement, Scope } from '#schemas/app.ts';
import { type EventName, eventType } from '#schemas/event.ts';
import type { Subscription } from '#schemas/subscription.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

export type Made = Subscription & { secrets: string[] };

/** A node with apps and webhooks, and what specs do with it. */
export interface DeliveryHub extends TestHub {
  /** An app that may see these attributes. */
  app(id: string, entitlement?: Partial<Entitlement>, enabled?: boolean): Promise<void>;
  /** Facts of people, one each, in one transaction; versions go up by themselves. */
  facts(subjects: string[], name?: EventName): Promise<void>;
  /** What a route answers to a client. */
  ask<T>(method: Route['method'], path: string, options?: AskOptions): Promise<T>;
  subscribe(url: string, given?: Record<string, unknown>): Promise<Made>;
  show(id: string): Promise<Subscription>;
  /** Nothing is left to be sent. */
  settled(id: string): Promise<void>;
  parkedRows(id: string): Promise<number>;
  /** Attempts that are written down. */
  attempts(id: string): Promise<number>;
}
interface AskOptions {
  body?: unknown;
  query?: Record<string, string>;
  caller?: Partial<Caller>;
}

/** Retries within the time of a spec. */
export const fastDelays = [40, 80, 120, 160, 200, 240, 280];

export const createDeliveryHub = async (
  options: DeliveryOptions & {
    databaseUrl?: string;
    started?: boolean;
    egress?: string[];
    stubs?: Part[];
  } = {},
): Promise<DeliveryHub> => {
  const { databaseUrl, started, egress, stubs = [], ...delivery } = options;
  const units = { name: 'units', actions: { 'units.latest': async () => [] } } as Part;
  const hub = await createTestHub(
    [createApps, context => createDeliveryWith(context, { delays: fastDelays, probeMs: 30, ...delivery })],
    {
      stubs: [units, ...stubs],
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      ...(started === undefined ? {} : { started }),
      config: egress === undefined ? {} : { egress },
    },
  );
  const routes = hub.parts.flatMap(part => part.routes ?? []);
  const versions = new Map<string, number>();
  const known = new Map<string, string>();

  const staffOf = (subject: string): string => {
    if (!known.has(subject)) known.set(subject, randomUUID());
    return known.get(subject)!;
  };
  const self: DeliveryHub = {
    ...hub,
    async app(id, entitlement = {}, enabled = true) {
      await hub.call('apps.put', {
        app: {
          id,
          name: id,
          owner: 'TTCNTT',
          enabled,
          entitlement: { purpose: 'thử', attributes: ['code', 'name', 'unitId', 'title'], ...entitlement },
        },
        actor: 'test',
      });
    },
    async facts(subjects, name = 'staff.updated') {
      const events = subjects.map(subject => {
        const staffId = staffOf(subject);
        const version = (versions.get(subject) ?? 0) + 1;
        versions.set(subject, version);
        const staff = { id: staffId, version, status: 'active', code: subject, name: 'Đỗ Ân', positions: [] };
        return {
          type: eventType(name),
          subject: `staff/${staffId}`,
          subjectVersion: version,
          source: 'hr',
          actor: 'test',
          data: {
            staffId,
            changed: name === 'salary.changed' ? ['salary'] : ['name'],
            staff: { ...staff, coefficient: 333 },
          },
        };
      });
      await inTransaction(hub.db, async tx => {
        await lockSubjects(
          tx,
          events.map(event => event.subject),
        );
        await appendEvents(tx, events);
      });
      hub.context.wake.notify('events');
    },
    async ask(method, path, { body = {}, query = {}, caller = {} } = {}) {
      const segments = path.split('/');
      const params: Record<string, string> = {};
      const route = routes.find(one => {
        const names = `${one.method} ${one.path}`.split('/');
        const asked = `${method} /api/v1${path}`.split('/');
        return (
          names.length === asked.length &&
          names.every((part, at) => part.startsWith('{') || part === asked[at])
        );
      });
      if (route === undefined) throw new Error(`no route ${method} ${path}`);
      route.path
        .replace('/api/v1', '')
        .split('/')
        .forEach((part, at) => {
          if (part.startsWith('{')) params[part.slice(1, -1)] = segments[at]!;
        });
      return (await route.handle({
        caller: { clientId: 'test', scopes: ['admin'] as Scope[], ...caller },
        params,
        query,
        body,
        language: 'en',
        headers: {},
        requestId: randomUUID(),
        address: '127.0.0.1',
        signal: new AbortController().signal,
      } as never)) as never;
    },
    subscribe: (url, given = {}) =>
      self.ask('POST', '/subscriptions', { body: { app: 'portal', url, ...given } }),
    show: id => self.ask('GET', `/subscriptions/${id}`),
    async settled(id) {
      await waitUntil(
        'the subscription to have sent everything',
        async () => {
          const { lag, parked } = await self.show(id);
          return lag === 0 && parked === 0;
        },
        { withinMs: 15_000 },
      );
    },
    async attempts(id) {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from delivery_attempt where subscription_id = ${id}::uuid`.execute(
        hub.db,
      );
      return rows[0]!.count;
    },
    async parkedRows(id) {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from delivery_parked where subscription_id = ${id}::uuid`.execute(
        hub.db,
      );
      return rows[0]!.count;
    },
  };
  return self;
};

/** `s0` … `s<count - 1>`. */
export const people = (count: number): string[] => Array.from({ length: count }, (_, nr) => `s${nr}`);
