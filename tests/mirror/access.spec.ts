import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { EventName } from '#schemas/event.ts';
import { connectApp, connectLastingApp, consume, tryConnect } from '#tests/mirror/app-client.ts';
import { type Access, type MirrorGateway, startMirrorGateway } from '#tests/mirror/mirror-gateway.ts';
import { startTestNats, type TestNats } from '#tests/mirror/nats-server.ts';

const withPay = { purpose: 'lương', attributes: ['name', 'rank', 'coefficient', 'disciplines'] };
const until = <T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false) =>
  waitUntil(what, probe, { withinMs: 15_000, everyMs: 50 });

describe('Access of apps to the mirror', () => {
  let nats: TestNats;
  let manager: JetStreamManager;
  let gate: MirrorGateway;
  const connections: NatsConnection[] = [];
  before(async () => {
    nats = await startTestNats(mkdtempSync(join(tmpdir(), 'lienthong-nats-')));
    manager = await nats.manager();
  });
  after(() => nats.stop());
  beforeEach(async () => {
    gate = await startMirrorGateway(nats);
    await gate.hub.app('portal');
    await gate.hub.app('payroll', { entitlement: withPay });
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map(one => one.close()));
    await gate.stop();
  });

  const signIn = async (access: Access): Promise<NatsConnection> => {
    const connection = await connectApp(access);
    connections.push(connection);
    return connection;
  };
  const facts = (...names: EventName[]) =>
    gate.hub.write(names.map(name => ({ name, staffId: randomUUID() })));

  it('gives an app its own facts from a stream of its own, and shows the password this once', async () => {
    await facts('staff.joined', 'salary.changed', 'discipline.recorded', 'staff.left');
    const access = await gate.grant('portal');
    assert.deepEqual(
      { ...access, password: '', notices: [] },
      {
        servers: [nats.server],
        domain: 'lienthong',
        stream: 'LIENTHONG_PORTAL',
        consumer: 'portal',
        subjects: 'lienthong-app.portal.>',
        notices: [],
        user: 'portal',
        password: '',
      },
    );
    const log = await gate.hub.log();
    const app = consume(await signIn(access), access);
    await app.all([log[0]!, log[3]!]);
    assert.deepEqual(
      app.received.map(({ id }) => id),
      [log[0]!.id, log[3]!.id],
      'pay and discipline are not for it',
    );
    assert.deepEqual(Object.keys(app.received[0]!.data.staff as object).sort(), [
      'code',
      'id',
      'name',
      'status',
      'version',
    ]);

    const file = readFileSync(nats.usersFile, 'utf8');
    assert.equal(statSync(nats.usersFile).mode & 0o777, 0o600);
    assert.ok(!file.includes(access.password));
    assert.match(file, /password: "\$2[aby]\$/);
    const admin = await gate.tokenFor(undefined, 'admin');
    const state = await gate.ask('GET', '/api/v1/apps/portal/nats', admin);
    assert.ok(!(await state.text()).includes(access.password));
  });

  it('lets an app hear notices of the types that it may see, and of no other', async () => {
    const portal = await gate.grant('portal');
    const payroll = await gate.grant('payroll');
    assert.ok(portal.notices.includes('lienthong.staff.joined.v1.>'));
    assert.ok(portal.notices.includes('lienthong.account.created.v1.account.portal.>'));
    assert.deepEqual(
      portal.notices.filter(subject => /salary|discipline|award/.test(subject)),
      [],
    );
    assert.ok(payroll.notices.includes('lienthong.salary.changed.v1.>'));
    const heard = async (access: Access): Promise<string[]> => {
      const subjects: string[] = [];
      (await signIn(access)).subscribe('>', {
        callback: (_error, { subject }) => {
          if (subject.startsWith('lienthong')) subjects.push(subject.split('.').slice(1, 3).join('.'));
        },
      });
      return subjects;
    };
    const [atPortal, atPayroll] = [await heard(portal), await heard(payroll)];
    await Promise.all(connections.map(one => one.flush()));
    await facts('salary.changed', 'discipline.recorded', 'award.granted', 'staff.joined');
    await until('the last fact', () => atPortal.length > 0 && atPayroll.length > 2);
    assert.deepEqual(atPortal, ['staff.joined']);
    assert.deepEqual(atPayroll, ['salary.changed', 'discipline.recorded', 'staff.joined']);
  });

  it('gives an app that may see only some units no notices: they name people of the whole province', async () => {
    await gate.hub.app('xa', {
      entitlement: { purpose: 'xã', attributes: ['name'], unitIds: [randomUUID()] },
    });
    assert.deepEqual((await gate.grant('xa')).notices, []);
  });

  it('lets an attacker with the credentials of an app change nothing and hear nothing that is not for it', async () => {
    await facts('staff.joined', 'salary.changed');
    const payroll = await gate.grant('payroll');
    const portal = await gate.grant('portal');
    const [victim, attacker] = [await connectLastingApp(payroll), await connectLastingApp(portal)];
    connections.push(victim, attacker);
    const log = await gate.hub.log();
    await gate.hub.mirrored('LIENTHONG_PAYROLL', log);
    await gate.hub.mirrored('LIENTHONG_PORTAL', [log[0]!]);
    // Before it is refused anything, what it may do works.
    const info = '$JS.lienthong.API.CONSUMER.INFO.LIENTHONG_PORTAL.portal';
    await until('its consumer', async () =>
      (await attacker.request(info).catch(() => undefined))?.string().includes('"num_pending":1'),
    );
    const before = await Promise.all(
      ['LIENTHONG', 'LIENTHONG_PORTAL', 'LIENTHONG_PAYROLL'].map(name => manager.streams.info(name)),
    );

    const heard: string[] = [];
    for (const subject of ['>', 'lienthong.>', 'lienthong-app.>', '_INBOX.>', 'MOL.>', '$JS.>', '$SYS.>'])
      attacker.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) heard.push(message.subject);
        },
      });
    const atVictim: string[] = [];
    victim.subscribe('>', { callback: (_error, { subject }) => void atVictim.push(subject) });
    const atHub: string[] = [];
    const hub = await nats.connect();
    hub.subscribe('>', {
      callback: (_error, { subject }) => {
        if (subject.includes('forged')) atHub.push(subject);
      },
    });
    await Promise.all([attacker.flush(), victim.flush(), hub.flush()]);

    const publish = (subject: string, body: unknown, reply?: string): void =>
      attacker.publish(subject, JSON.stringify(body), reply === undefined ? {} : { reply });
    // Facts of its own making.
    for (const subject of [
      'lienthong.staff.joined.v1.staff.forged',
      'lienthong-app.payroll.staff.joined.v1.staff.forged',
      'lienthong-app.portal.staff.joined.v1.staff.forged',
      'lienthong.wake.forged',
      'MOL.forged',
      '_INBOX.forged',
    ])
      publish(subject, {});
    // Its own, real message, sent on to a subject of somebody else's: no permission is asked for a reply.
    const next = '$JS.lienthong.API.CONSUMER.MSG.NEXT.LIENTHONG_PORTAL.portal';
    for (const reply of [
      'lienthong-app.payroll.staff.joined.v1.staff.forged',
      'lienthong.staff.left.v1.staff.forged',
    ])
      publish(next, { batch: 1, expires: 5e8 }, reply);
    publish(info, '', '$JS.API.STREAM.PURGE.LIENTHONG');

    // Everything of JetStream's API that is not its own consumer, under both names of the API.
    const calls: [string, unknown][] = [
      ['STREAM.DELETE.LIENTHONG', ''],
      ['STREAM.PURGE.LIENTHONG', ''],
      ['STREAM.PURGE.LIENTHONG_PORTAL', ''],
      ['STREAM.INFO.LIENTHONG', ''],
      ['STREAM.NAMES', ''],
      ['STREAM.CREATE.MINE', { name: 'MINE', subjects: ['lienthong.>'] }],
      ['STREAM.UPDATE.LIENTHONG', { name: 'LIENTHONG', subjects: ['nothing.*.*.*.>'] }],
      ['STREAM.MSG.GET.LIENTHONG', { seq: 1 }],
      ['STREAM.MSG.GET.LIENTHONG_PAYROLL', { seq: 1 }],
      ['STREAM.MSG.DELETE.LIENTHONG', { seq: 1 }],
      ['DIRECT.GET.LIENTHONG', { seq: 1 }],
      ...['LIENTHONG', 'LIENTHONG_PAYROLL', 'LIENTHONG_PORTAL'].flatMap((stream): [string, unknown][] => {
        const config = {
          name: 'mine',
          durable_name: 'mine',
          ack_policy: 'explicit',
          deliver_subject: 'forged',
        };
        return [
          [`CONSUMER.CREATE.${stream}`, { stream_name: stream, config }],
          [`CONSUMER.DURABLE.CREATE.${stream}.mine`, { stream_name: stream, config }],
          [`CONSUMER.CREATE.${stream}.mine`, { stream_name: stream, config }],
          [
            `CONSUMER.CREATE.${stream}.mine.lienthong.staff.joined.v1.>`,
            { stream_name: stream, config: { ...config, filter_subject: 'lienthong.staff.joined.v1.>' } },
          ],
        ];
      }),
      ['CONSUMER.INFO.LIENTHONG_PAYROLL.payroll', ''],
      ['CONSUMER.MSG.NEXT.LIENTHONG_PAYROLL.payroll', { batch: 1, expires: 5e8 }],
      ['CONSUMER.DELETE.LIENTHONG_PAYROLL.payroll', ''],
      ['CONSUMER.DELETE.LIENTHONG_PORTAL.portal', ''],
      ['CONSUMER.NAMES.LIENTHONG_PAYROLL', ''],
    ];
    const answers = await Promise.all(
      calls.flatMap(([verb, body]) =>
        ['$JS.API', '$JS.lienthong.API'].map(async api => {
          const answer = await attacker
            .request(`${api}.${verb}`, body === '' ? '' : JSON.stringify(body), { timeout: 700 })
            .catch(() => undefined);
          return answer === undefined || /"error":/.test(answer.string())
            ? []
            : `${api}.${verb}: ${answer.string()}`;
        }),
      ),
    );
    assert.deepEqual(answers.flat(), []);
    publish('$JS.ACK.LIENTHONG_PAYROLL.payroll.1.1.1.1.0', '+TERM');
    await attacker.flush();

    await facts('salary.changed');
    const now = await gate.hub.log();
    await gate.hub.mirrored();
    await gate.hub.mirrored('LIENTHONG_PAYROLL', now);
    const after = await Promise.all(
      ['LIENTHONG', 'LIENTHONG_PORTAL', 'LIENTHONG_PAYROLL'].map(name => manager.streams.info(name)),
    );
    assert.deepEqual(
      after.map(({ created, state }) => [created, state.messages]),
      before.map(({ created, state }, at) => [created, state.messages + (at === 1 ? 0 : 1)]),
    );
    assert.deepEqual(await manager.streams.names().next(), after.map(({ config }) => config.name).sort());
    assert.deepEqual(atHub, []);
    assert.deepEqual(
      atVictim.filter(subject => !subject.startsWith('lienthong.salary.')),
      [],
    );
    assert.ok(
      heard.filter(subject => subject.startsWith('lienthong-app.payroll.')).length > 1,
      'what it sent on reached only itself',
    );
    assert.deepEqual(
      heard.filter(
        subject => /salary|payroll\.staff|MOL\.(?!forged)/.test(subject) && !subject.includes('forged'),
      ),
      [],
    );
    const consumer = await manager.consumers.info('LIENTHONG_PAYROLL', 'payroll');
    assert.equal(consumer.delivered.consumer_seq, 0, 'nobody has read for the victim');
  });

  it('gives the app everything though its stream is deleted while it reads; repeats have the same id', async () => {
    const access = await gate.grant('portal');
    const connection = await signIn(access);
    const app = consume(connection, access);
    for (let nr = 0; nr < 10; nr++) {
      await facts('staff.joined', 'staff.left', 'staff.joined');
      if (nr === 3 || nr === 7) await manager.streams.delete('LIENTHONG_PORTAL').catch(() => {});
    }
    const log = await gate.hub.log();
    await app.all(log);
    assert.equal(connection.isClosed(), false);
    assert.deepEqual([...new Set(app.received.map(({ id }) => id))].sort(), log.map(({ id }) => id).sort());
    app.stop();
  });

  it('rotates: the old password works on for as long as asked, no third one does', async () => {
    const first = await gate.grant('portal');
    const open = await signIn(first);
    const second = await gate.grant('portal', { overlapHours: 1 });
    assert.deepEqual([first.user, second.user], ['portal', 'portal.2']);
    await signIn(second);
    await signIn(first);
    assert.equal(open.isClosed(), false);
    const third = await gate.grant('portal', { overlapHours: 0.5 / 3600 });
    await signIn(third);
    await until('the first to be cut off', () => open.isClosed());
    assert.equal(await tryConnect(first), undefined);
    await until('the second to end by time', async () => {
      const one = await tryConnect(second);
      await one?.close();
      return one === undefined;
    });
    await signIn(third);
  });

  it('cuts off an app that is switched off and one whose access is ended, and removes their streams', async () => {
    await facts('staff.joined');
    const access = await gate.grant('portal');
    const other = await signIn(await gate.grant('payroll'));
    const first = await signIn(access);
    // A slow answer is no answer yet.
    const names = async (): Promise<string[]> =>
      (
        await waitUntil(
          'the names of streams',
          () =>
            manager.streams
              .names()
              .next()
              .catch(() => undefined),
          {
            withinMs: 30_000,
          },
        )
      ).sort();
    await until('the streams', async () => (await names()).length === 3);
    await gate.hub.app('portal', { enabled: false });
    await until('the app to be cut off', () => first.isClosed());
    await until('its stream to go', async () => !(await names()).includes('LIENTHONG_PORTAL'));
    assert.equal(await tryConnect(access), undefined);
    await gate.hub.app('portal', { enabled: true });
    const second = await signIn(access);
    await gate.hub.mirrored('LIENTHONG_PORTAL', await gate.hub.log());

    const admin = await gate.tokenFor(undefined, 'admin');
    assert.equal((await gate.ask('DELETE', '/api/v1/apps/portal/nats', admin)).status, 204);
    await until('the app to be cut off', () => second.isClosed());
    await until('its stream to go', async () => !(await names()).includes('LIENTHONG_PORTAL'));
    assert.equal(other.isClosed(), false, 'nobody else is disturbed');
    assert.deepEqual(await names(), ['LIENTHONG', 'LIENTHONG_PAYROLL']);
  });

  it('takes from the stream and from the notices what the entitlement no longer allows', async () => {
    await facts('staff.joined', 'salary.changed');
    const access = await gate.grant('payroll');
    const log = await gate.hub.log();
    await gate.hub.mirrored('LIENTHONG_PAYROLL', log);
    assert.match(
      await until('the permission', () => readFileSync(nats.usersFile, 'utf8')),
      /lienthong\.salary/,
    );
    await gate.hub.app('payroll', { entitlement: { purpose: 'tên', attributes: ['name'] } });
    const [joined] = await gate.hub.mirrored('LIENTHONG_PAYROLL', [log[0]!]);
    assert.equal((joined!.event.data.staff as { rank?: string }).rank, undefined);
    await until('the file', () => !readFileSync(nats.usersFile, 'utf8').includes('lienthong.salary'));
    const connection = await signIn(access);
    assert.equal(connection.isClosed(), false);
  });

  it('lets a client manage only its own app, and an unknown app be nobody', async () => {
    const own = await gate.tokenFor('portal', 'subscriptions.manage');
    const admin = await gate.tokenFor(undefined, 'admin');
    const weak = await gate.tokenFor('portal', 'hr.read');
    const status = async (method: string, app: string, token: string, body?: unknown) =>
      (await gate.ask(method, `/api/v1/apps/${app}/nats`, token, body)).status;
    assert.equal(await status('PUT', 'portal', own, { enabled: true }), 200);
    assert.equal(await status('GET', 'portal', own), 200);
    for (const method of ['GET', 'DELETE']) assert.equal(await status(method, 'payroll', own), 403, method);
    assert.equal(await status('PUT', 'payroll', own, { enabled: true }), 403);
    assert.equal(await status('PUT', 'nobody', own, { enabled: true }), 403);
    assert.equal(await status('GET', 'portal', weak), 403);
    assert.equal(await status('GET', 'nobody', admin), 404);
    assert.equal(await status('PUT', 'portal', admin, { enabled: 'yes' }), 400);
    assert.equal(await status('DELETE', 'portal', own), 204);
  });

  it('refuses in words where the hub writes no users file', async () => {
    const other = await startMirrorGateway(nats, { nats: { url: nats.url } });
    try {
      await other.hub.app('portal');
      const admin = await other.tokenFor(undefined, 'admin');
      const answer = await other.ask('PUT', '/api/v1/apps/portal/nats', admin, { enabled: true });
      assert.equal(answer.status, 409);
      assert.match(((await answer.json()) as { type: string }).type, /nats-not-offered$/);
    } finally {
      await other.stop();
    }
  });
});
