import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addMark, checkStream, type StreamRecord, type StreamSeen } from '#hub/mirror/check-stream.ts';
import { replicasFor } from '#hub/mirror/nats-link.ts';
import { noticeSubjects } from '#hub/mirror/notice-subjects.ts';
import { renderUsers } from '#hub/mirror/render-users.ts';
import { streamOf } from '#hub/mirror/stream-names.ts';
import { toNotice } from '#hub/mirror/to-notice.ts';
import { accountSettings } from '#hub/platform/embedded/nats-accounts.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import { type Event, eventNames, eventType } from '#schemas/event.ts';

const day = 86_400_000;
const now = 100 * day;
const record: StreamRecord = {
  created: 'monday',
  lastSeq: 100,
  lastId: 'a',
  marks: [
    [0, now - 10 * day],
    [60, now - 2 * day],
  ],
};
const seen: StreamSeen = { created: 'monday', firstSeq: 1, lastSeq: 100, messages: 100, idAtLast: 'a' };

describe('The comparison of a stream with what was published', () => {
  const check = (over: Partial<StreamSeen>, { inFlight = 0, maxAgeMs = 30 * day } = {}) =>
    checkStream(record, { ...seen, ...over }, { now, maxAgeMs, inFlight });

  it('finds no difference where there is none', () => {
    assert.equal(check({}), undefined);
    const fresh = { ...record, lastSeq: 0, lastId: null };
    const empty = { ...seen, firstSeq: 0, lastSeq: 0, messages: 0, idAtLast: undefined };
    assert.equal(checkStream(fresh, empty, { now, maxAgeMs: day, inFlight: 0 }), undefined);
  });

  it('names each difference', () => {
    const all = { now, maxAgeMs: day, inFlight: 0 };
    assert.equal(checkStream({ ...record, created: null }, seen, all), 'new');
    assert.equal(checkStream(record, undefined, all), 'missing');
    assert.equal(check({ created: 'tuesday' }), 'recreated');
    assert.equal(check({ lastSeq: 99, messages: 99 }), 'lost');
    assert.equal(check({ messages: 99 }), 'removed');
    assert.equal(check({ firstSeq: 101, messages: 0, idAtLast: undefined }), 'removed');
    assert.equal(check({ idAtLast: 'b' }), 'different');
  });

  it('bears what may have been published before a crash, and no message more', () => {
    assert.equal(check({ lastSeq: 105, messages: 105 }), 'foreign');
    assert.equal(check({ lastSeq: 105, messages: 105 }, { inFlight: 5 }), undefined);
    assert.equal(check({ lastSeq: 106, messages: 106 }, { inFlight: 5 }), 'foreign');
  });

  it('bears messages that have aged away, and none that have not', () => {
    const gone = (count: number) => ({ firstSeq: count + 1, messages: 100 - count });
    assert.equal(check(gone(60), { maxAgeMs: 5 * day }), undefined);
    assert.equal(check(gone(61), { maxAgeMs: 5 * day }), 'removed');
    assert.equal(check(gone(1), { maxAgeMs: 30 * day }), 'removed');
    assert.equal(check(gone(99), { maxAgeMs: day }), undefined, 'no mark is younger');
  });

  it('keeps a bounded number of marks over any time', () => {
    let marks: StreamRecord['marks'] = [];
    for (let hour = 0; hour < 24 * 90; hour++) marks = addMark(marks, hour, hour * 3_600_000, 30 * day);
    assert.ok(marks.length > 50 && marks.length <= 66, String(marks.length));
  });
});

describe('Notices', () => {
  const event = (name: (typeof eventNames)[number], data: Event['data']): Event => ({
    type: eventType(name),
    subject: 'staff/x',
    subjectVersion: 1,
    source: 'hr',
    actor: 'a',
    data,
    position: 1,
    xid: '1',
    id: 'i',
    at: new Date(0),
  });

  it('carry nothing of any kind of fact but ids and basic names', () => {
    for (const name of eventNames) {
      const data = {
        staffId: 's',
        unitId: 'u',
        changed: ['email', 'salary'],
        name: 'Mai',
        staff: { rank: 'A1' },
        externalId: 'e',
      };
      assert.deepEqual(
        toNotice(event(name, data))!.data,
        { notice: true, staffId: 's', unitId: 'u', changed: ['email'] },
        name,
      );
    }
  });

  it('are not given of a change of nothing but other attributes', () => {
    assert.equal(
      toNotice(event('staff.updated', { staffId: 's', changed: ['phone', 'citizenNumber'] })),
      undefined,
    );
  });

  it('are open to an app by its entitlement, kind by kind', () => {
    const of = (entitlement: EventViewer['entitlement']) =>
      noticeSubjects({ app: 'a', entitlement, salary: true, parents: new Map() }).map(subject =>
        subject.split('.').slice(1, 3).join('.'),
      );
    const open = of({ attributes: [] });
    const closed = [
      'salary.changed',
      'award.granted',
      'discipline.recorded',
      'staff.moved',
      'session.started',
      'session.resumed',
    ];
    for (const name of closed) assert.ok(!open.includes(name), name);
    assert.ok(
      open.includes('staff.left') && open.includes('unit.merged') && open.includes('account.created'),
    );
    assert.ok(of({ attributes: ['rank'] }).includes('salary.changed'));
    assert.ok(of({ attributes: ['sessions'] }).includes('session.started'));
    assert.deepEqual(of({ attributes: ['rank'], eventTypes: ['staff.left'] }), ['staff.left']);
    assert.deepEqual(of({ attributes: ['rank'], unitIds: [] }), []);
  });
});

describe('Names and settings of NATS', () => {
  it('give two apps two streams, and one app always the same settings', () => {
    assert.equal(streamOf('mot-cua'), 'LIENTHONG_MOT_CUA');
    const grants = ['b', 'a'].map(app => ({ app, users: [{ name: app, hash: '$2b$04$x' }], notices: [] }));
    assert.equal(renderUsers(grants), renderUsers(grants.toReversed()));
    assert.doesNotMatch(renderUsers(grants), /CREATE|DELETE|STREAM\.|MSG\.GET/);
  });

  it('offer apps the same in deploy/nats as in the embedded server', () => {
    const exportsIn = (text: string) =>
      [...text.matchAll(/\{ (?:stream|service): .*\}/g)].map(([line]) => line);
    const deployed = readFileSync(join(import.meta.dirname, '../../deploy/nats/nats.conf'), 'utf8');
    assert.equal(exportsIn(deployed).length, 4);
    assert.deepEqual(exportsIn(deployed), exportsIn(accountSettings('user: x')));
  });

  it('keep three copies where three servers stand together, one otherwise', () => {
    assert.deepEqual(
      [replicasFor(undefined, 3), replicasFor('c', 2), replicasFor('c', 3), replicasFor('c', 5)],
      [1, 1, 3, 3],
    );
  });
});
