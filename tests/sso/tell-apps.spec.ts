import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { LogoutNotice } from '#sso/leaving/logout-sender.ts';
import { retryAfter } from '#sso/leaving/retry-schedule.ts';
import { startTellingApps } from '#sso/leaving/tell-apps.ts';
import { endAllOf, endSessions } from '#sso/sessions/end-sessions.ts';
import { noteAppOpened } from '#sso/sessions/note-app-opened.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const within = { withinMs: 30_000 };

describe('Telling apps of a sign-out', () => {
  let hub: TestHub;
  let staffId: string;
  before(async () => {
    hub = await createTestHub([]);
  });
  after(() => hub.stop());
  beforeEach(() => {
    staffId = randomUUID();
  });
  const newSession = async (): Promise<string> => {
    const uid = randomUUID();
    await sql`
      insert into sign_in_session (uid, staff_id, zone, address, agent, amr)
      values (${uid}, ${staffId}, 'wan', '10.0.0.1', 'test', '{pwd}')`.execute(hub.db);
    return uid;
  };
  const open = (uid: string, ticket?: string) =>
    noteAppOpened(hub.db, {
      uid,
      clientId: 'cas:office',
      appId: 'office',
      sid: undefined,
      ...(ticket === undefined ? {} : { detail: { ticket } }),
    });

  it('goes by the protocol of each, with all that was noted when it was opened', async () => {
    const sent: LogoutNotice[] = [];
    const telling = startTellingApps(hub.context, {
      cas: async notice => {
        sent.push(notice);
        return 'told';
      },
    });
    try {
      const [one, two] = [await newSession(), await newSession()];
      assert.ok(await open(one, 'ST-1'));
      assert.ok(await open(one, 'ST-2'));
      assert.ok(await open(two, 'ST-3'));
      await endSessions(hub.context, [one], { reason: 'revoked', actor: 'test' });
      await waitUntil('it is told of one', () => sent.length === 1, within);
      assert.deepEqual(sent[0]!.detail, [{ ticket: 'ST-1' }, { ticket: 'ST-2' }]);
      assert.equal(await open(one, 'ST-4'), false, 'what has ended opens nothing');
      await endAllOf(hub.context, staffId, { reason: 'left', actor: 'test' });
      await waitUntil('it is told of the rest', () => sent.length === 2, within);
      assert.deepEqual(sent[1]!.detail, [{ ticket: 'ST-3' }]);
      assert.deepEqual([sent[1]!.clientId, sent[1]!.appId, sent[1]!.sid], ['cas:office', 'office', null]);
    } finally {
      await telling.stop();
    }
  });

  it('is shared by two that send: nothing goes twice', async () => {
    const sent: number[] = [];
    const senders = {
      cas: async ({ detail }: LogoutNotice) => {
        sent.push(Number(detail[0]!.ticket));
        return 'told' as const;
      },
    };
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    const uids = await Promise.all(
      numbers.map(async number => {
        const uid = await newSession();
        await open(uid, String(number));
        return uid;
      }),
    );
    const both = [startTellingApps(hub.context, senders), startTellingApps(hub.context, senders)];
    try {
      await endSessions(hub.context, uids, { reason: 'revoked', actor: 'test' });
      await waitUntil('all are told', () => sent.length >= numbers.length, within);
    } finally {
      await Promise.all(both.map(one => one.stop()));
    }
    assert.deepEqual(
      sent.toSorted((a, b) => a - b),
      numbers,
    );
  });

  it('comes again when whoever took it died: its lease ends', async () => {
    const uid = await newSession();
    await open(uid, 'ST-1');
    await endSessions(hub.context, [uid], { reason: 'revoked', actor: 'test' });
    const { rows } = await sql<{ ahead: boolean }>`
      update sign_out_notice set attempts = 1, due_at = now() - interval '1 second'
      where staff_id = ${staffId} returning true as ahead`.execute(hub.db);
    assert.equal(rows.length, 1);
    const sent: LogoutNotice[] = [];
    const telling = startTellingApps(hub.context, {
      cas: async notice => {
        sent.push(notice);
        return 'told';
      },
    });
    try {
      await waitUntil('it is told', () => sent.length === 1, within);
    } finally {
      await telling.stop();
    }
  });

  it('is tried ever more seldom, for three days', () => {
    const seconds = (attempts: number, hours: number) => {
      const ms = retryAfter(attempts, hours * 3_600_000);
      return ms === undefined ? undefined : ms / 1000;
    };
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 40].map(attempts => seconds(attempts, 1)),
      [5, 30, 120, 600, 3600, 3600, 3600],
    );
    assert.equal(seconds(74, 71.9), 3600);
    assert.equal(seconds(75, 72), undefined);
  });
});
