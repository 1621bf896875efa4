import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describeEvents } from '#hub/gateway/describe-events.ts';
import { showEvent } from '#hub/platform/events/show-event.ts';
import { toCloudEvent } from '#hub/platform/events/to-cloud-event.ts';
import { findParts } from '#hub/platform/find-parts.ts';
import { type Event, type EventName, eventNames, eventType } from '#schemas/event.ts';
import { read } from '#tests/http/start-edge.ts';
import { startTestGateway } from '#tests/http/start-test-gateway.ts';
import { createTestHub } from '#tests/support/test-hub.ts';

type Json = Record<string, unknown>;
interface Channel {
  address: string | null;
  messages: Record<string, Json>;
}
interface Document {
  asyncapi: string;
  servers: Record<string, { host: string; protocol: string }>;
  channels: Record<string, Channel>;
  operations: Record<
    string,
    { action: string; channel: { $ref: string }; bindings: { http?: { method: string } } }
  >;
  components: { schemas: Record<string, Json>; messages: Record<string, { name: string }> };
}

const document = describeEvents('http://localhost:8080', '1.2.3') as unknown as Document;
const createAjv = (): Ajv =>
  (addFormats as unknown as (ajv: Ajv) => Ajv)(new Ajv({ strict: false, allErrors: true }));

/** What a `$ref` means; undefined when nothing is there. */
const follow = (ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document);
const findRefs = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) =>
        key === '$ref' && typeof inner === 'string' ? [inner] : findRefs(inner),
      );

/** Whether an event is as its message says; with `closed`, nothing may be there that is not described. */
const createCheck = ({ closed }: { closed: boolean }) => {
  const text = JSON.stringify({ components: document.components }, (_, value) =>
    closed && value?.type === 'object' && value.properties !== undefined && value.required !== undefined
      ? { ...value, additionalProperties: false }
      : value,
  );
  const ajv = createAjv().addSchema({ $id: 'https://lienthong.example/asyncapi', ...JSON.parse(text) });
  return (event: Json): string => {
    const name = String(event.type).replace('vn.lienthong.', '');
    const check = ajv.getSchema(`https://lienthong.example/asyncapi#/components/schemas/${name}`)!;
    return check(event) ? '' : ajv.errorsText(check.errors);
  };
};

const staff = {
  id: '11111111-1111-4111-8111-111111111111',
  version: 3,
  status: 'active',
  statusFrom: '2024-01-01',
  code: '000777',
  name: 'Trần Thị Bình',
  username: 'binhtt',
  email: 'binhtt@tinh.gov.vn',
  phone: '0905000777',
  gender: 'female',
  birthDate: '1990-05-17',
  birthYear: 1990,
  unitId: '22222222-2222-4222-8222-222222222222',
  unitCode: '479',
  unitName: 'Thị xã Hương Thủy',
  title: 'Chuyên viên',
  positions: [
    {
      unitId: '22222222-2222-4222-8222-222222222222',
      unitCode: '479',
      unitName: 'Thị xã Hương Thủy',
      title: 'Chuyên viên',
      main: true,
      from: '2024-01-01',
    },
  ],
  rank: '01.003',
  grade: 2,
  coefficient: 267,
  coefficientFrom: '2024-01-01',
  awards: [{ title: 'Bằng khen', year: 2021, number: '12/QĐ' }],
  disciplines: [{ title: 'Khiển trách', date: '2022-02-02' }],
};
const { id: staffId, unitId } = staff;
const externalId = 'u-1';
const signing = {
  requestId: '55555555-5555-4555-8555-555555555555',
  appId: 'portal',
  documentId: 'VB-1',
};
const signedAt = '2026-03-01T02:00:00.000Z';
const signingData: Record<string, object> = {
  'signing.signed': { position: 1, staffId, signedAt },
  'signing.refused': { position: 1, staffId, reason: 'Sai căn cứ' },
  'signing.returned': { signedAt, number: '1/QĐ', issuedOn: '2026-03-01', sha256: '00' },
  'signing.failed': { code: 'pdf-broken' },
};
const isTicket = (name: EventName): boolean => name.startsWith('signing.ticket-');
const ticket = { ticketId: signing.requestId, routeId: 'smartca', kind: 'reported-broken', staffId };
const exchanged = {
  id: '66666666-6666-4666-8666-666666666666',
  documentId: 'H57.01,2026/03/01,1/QĐ',
  from: 'H57.01',
  apps: ['portal'],
};
const documentData: Record<string, object> = {
  'document.sent': { action: 'new', to: ['H17.09'] },
  'document.received': { action: 'new', to: ['H57.09'] },
  'document.status-changed': {
    receiver: 'H17.09',
    code: '03',
    state: 'received',
    description: 'Đã tiếp nhận',
  },
  'document.undeliverable': { receiver: 'H17.09', what: 'document', code: 'refused' },
};
const quarantined = {
  quarantineId: exchanged.id,
  ...{ app: 'portal', entry: '1', kind: 'document', code: 'junk-before-xml', place: 'line 1' },
};
const dataOf = (name: EventName): Json => {
  if (name.startsWith('unit.'))
    return name === 'unit.merged'
      ? { unitId, successorId: unitId, at: '2025-07-01' }
      : name === 'unit.closed'
        ? { unitId, at: '2025-07-01' }
        : { unitId, code: '479', name: 'Thị xã Hương Thủy', level: 'district', parentId: null };
  const account = { app: 'portal', staffId };
  if (name === 'account.created') return { ...account, externalId, enabled: true };
  if (name === 'account.updated') return { ...account, externalId, changed: ['phone'] };
  if (name === 'account.disabled') return { ...account, externalId };
  if (name.startsWith('account.')) return { ...account, code: 'refused' };
  const session = { staffId, sessionId: 'x', zone: 'wan', units: [unitId] };
  if (name === 'session.started') return { ...session, amr: ['pwd'], app: 'portal' };
  if (name === 'session.ended') return { ...session, reason: 'signed-out' };
  if (isTicket(name)) return name === 'signing.ticket-closed' ? { ...ticket, recovered: true } : ticket;
  if (name.startsWith('signing.')) return { ...signing, ...signingData[name] };
  if (name === 'document.quarantined') return quarantined;
  if (name.startsWith('document.')) return { ...exchanged, ...documentData[name] };
  return { staffId, changed: ['positions', 'phone', 'salary'], staff, unitsBefore: [unitId] };
};
const eventOf = (name: EventName): Event => ({
  type: eventType(name),
  subject: name.startsWith('unit.')
    ? `unit/${unitId}`
    : name.startsWith('account.')
      ? `account/portal/${staffId}`
      : name.startsWith('session.')
        ? 'session/x'
        : name.startsWith('signing.')
          ? `signing${isTicket(name) ? '-ticket' : ''}/${signing.requestId}`
          : name === 'document.quarantined'
            ? `document-quarantine/${exchanged.id}`
            : name.startsWith('document.')
              ? `document/${exchanged.id}`
              : `staff/${staffId}`,
  subjectVersion: 3,
  source: 'hr',
  actor: 'system',
  data: dataOf(name),
  position: 1,
  xid: '1',
  id: '33333333-3333-4333-8333-333333333333',
  at: new Date('2026-01-02T03:04:05Z'),
});
const everyAttribute = [...Object.keys(staff), 'sessions'];
const viewer = (attributes: string[], unitIds?: string[]) => ({
  app: 'portal',
  entitlement: { attributes, ...(unitIds === undefined ? {} : { unitIds }) },
  salary: true,
  parents: new Map(),
});

describe('The AsyncAPI description', () => {
  it('is answered to everybody, with the address of this hub', async () => {
    const running = await startTestGateway();
    try {
      const answer = await running.ask('GET', '/api/asyncapi.json');
      assert.equal(answer.status, 200);
      const { asyncapi, servers } = await read<Document>(answer);
      assert.equal(asyncapi, '3.0.0');
      assert.deepEqual([servers.hub!.protocol, servers.hub!.host], ['http', new URL(running.origin).host]);
    } finally {
      await running.stop();
    }
  });

  it('is AsyncAPI 3.0 by the schema of the standard, and that schema sees mistakes', () => {
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
    const ajv = createAjv();
    const check = ajv.compile(schema);
    assert.ok(check(document), ajv.errorsText(check.errors));
    const { followStream, ...others } = document.operations;
    assert.ok(
      !check({ ...document, operations: { ...others, followStream: { ...followStream, action: 'take' } } }),
    );
  });

  it('has no reference that leads nowhere', () => {
    const refs = findRefs(document);
    assert.ok(refs.length > 100);
    assert.deepEqual(
      refs.filter(ref => follow(ref) === undefined),
      [],
    );
  });

  it('has a message for every event of the hub on every channel that carries single events', () => {
    const types = new Set(Object.values(document.components.messages).map(({ name }) => name));
    for (const name of eventNames) assert.ok(types.has(eventType(name)), name);
    for (const channel of ['webhook', 'stream', 'jetstream']) {
      const { test: _, ...messages } = document.channels[channel]!.messages;
      assert.equal(Object.keys(messages).length, types.size, channel);
    }
  });

  it('names only addresses that the hub answers, by the method that it says', async () => {
    const parts = (await findParts()).map(({ create }) => create);
    const hub = await createTestHub(parts, { started: false });
    const routes = hub.parts
      .flatMap(part => [
        ...(part.routes ?? []),
        ...(part.mounts ?? []).flatMap(({ operations }) => operations ?? []),
      ])
      .map(({ method, path }) => `${method} ${path}`);
    await hub.stop();
    const named = Object.values(document.operations).flatMap(({ channel, bindings }) => {
      const { address } = follow(channel.$ref) as Channel;
      return address?.startsWith('/') ? [`${bindings.http!.method} ${address}`] : [];
    });
    const texts = [...JSON.stringify(document).matchAll(/`(GET|PUT|POST) (\/[^`]+)`/g)].map(
      ([, method, path]) => `${method} ${path}`,
    );
    assert.ok(named.length >= 3 && texts.length >= 4);
    assert.deepEqual(
      [...named, ...texts].filter(one => !routes.includes(one)),
      [],
    );
  });

  it('describes all that an app entitled to everything sees of every kind of event, and nothing is missing', () => {
    const check = createCheck({ closed: true });
    for (const name of eventNames) {
      const app = viewer(everyAttribute);
      // Whose signing device is broken is told to no app, only to the IT centre.
      if (isTicket(name)) assert.equal(showEvent(eventOf(name), app), undefined);
      const shown = showEvent(eventOf(name), isTicket(name) ? { ...app, app: undefined } : app)!;
      assert.equal(check(toCloudEvent(shown)), '', name);
      if (name.startsWith('staff.'))
        assert.deepEqual((shown.data.staff as Json).disciplines, staff.disciplines);
    }
  });

  it('describes what is left for an app with few rights, and what an app hears of those who left its units', () => {
    const check = createCheck({ closed: true });
    for (const attributes of [['phone'], ['title'], ['unitCode'], ['awards']])
      for (const name of eventNames) {
        const shown = showEvent(eventOf(name), viewer(attributes));
        if (shown !== undefined) assert.equal(check(toCloudEvent(shown)), '', `${name} for ${attributes}`);
      }
    const elsewhere = { ...eventOf('staff.moved') };
    elsewhere.data = { ...elsewhere.data, unitsBefore: ['44444444-4444-4444-8444-444444444444'] };
    const left = showEvent(elsewhere, viewer(everyAttribute, ['44444444-4444-4444-8444-444444444444']))!;
    assert.equal(left.data.outOfScope, true);
    assert.equal(check(toCloudEvent(left)), '');
  });

  it('would not fit an event of another kind, or one without its key', () => {
    const check = createCheck({ closed: false });
    const event = toCloudEvent(showEvent(eventOf('account.failed'), viewer([]))!);
    assert.equal(check(event), '');
    assert.match(check({ ...event, data: { app: 'portal', code: 'refused' } }), /staffId/);
    assert.match(check({ ...event, specversion: '0.3' }), /specversion/);
  });
});
