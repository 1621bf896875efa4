import { Type } from 'typebox';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { readNotices } from '#sso/leaving/notice-store.ts';
import { endAllOf } from '#sso/sessions/end-sessions.ts';
import { readSessions } from '#sso/sessions/session-store.ts';

const common = {
  scope: 'admin',
  tag: 'sso',
  params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
} as const;
const Time = Type.String({ format: 'date-time' });
const Maybe = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const mostShown = 300;

const Session = Type.Object({
  id: Type.String(),
  startedAt: Time,
  seenAt: Time,
  zone: Type.String({ description: '`wan` or `internet`' }),
  address: Type.String(),
  agent: Type.String(),
  amr: Type.Array(Type.String()),
  endedAt: Maybe(Time),
  endReason: Maybe(Type.String()),
  apps: Type.Array(Type.Object({ clientId: Type.String(), appId: Maybe(Type.String()), openedAt: Time })),
});

const SignOut = Type.Object({
  clientId: Type.String(),
  appId: Maybe(Type.String()),
  sessionId: Maybe(Type.String({ description: 'Null: all sessions of the person' })),
  reason: Type.String(),
  state: Type.String({
    description:
      '`waiting`; `told`; `not-wanted`: its registration names no address for this; `given-up` after three days',
  }),
  attempts: Type.Integer(),
  dueAt: Maybe(Type.String({ format: 'date-time', description: 'The next attempt' })),
  lastError: Maybe(Type.String({ description: '`timed-out`, `unreachable`, `status-500`' })),
  createdAt: Time,
  settledAt: Maybe(Time),
});

const iso = (time: Date | null): string | null => time?.toISOString() ?? null;

/** What the IT centre sees of people's sessions, and how it ends them. */
export const sessionRoutes = (context: PartContext): Route[] => {
  const { db, call } = context;
  return [
    {
      ...common,
      method: 'GET',
      path: '/api/v1/staff/{id}/sessions',
      summary: 'Where a person is signed in, and was within 90 days',
      answer: Type.Object({ items: Type.Array(Session) }),
      async handle({ params }) {
        const { id } = await call('staff.get', { id: params.id! });
        const rows = await readSessions(db, id, { openOnly: false, limit: mostShown });
        const items = rows.map(({ uid, staffId: _, startedAt, seenAt, endedAt, ...rest }) => ({
          id: uid,
          ...rest,
          startedAt: iso(startedAt),
          seenAt: iso(seenAt),
          endedAt: iso(endedAt),
        }));
        return { items };
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: '/api/v1/staff/{id}/sessions',
      summary: 'Signs a person out everywhere',
      description: 'Tokens end at once; every app that was opened is told. The person may sign in again.',
      answer: Type.Object({ ended: Type.Integer({ description: 'Sessions' }) }),
      async handle({ params, caller, requestId }) {
        const { id } = await call('staff.get', { id: params.id! });
        const actor = actorOf(caller);
        return { ended: await endAllOf(context, id, { reason: 'revoked', actor, requestId }) };
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/staff/{id}/sign-outs',
      summary: 'Which apps were told that sessions of a person ended, and which could not be told yet',
      answer: Type.Object({ items: Type.Array(SignOut) }),
      async handle({ params }) {
        const { id } = await call('staff.get', { id: params.id! });
        const rows = await readNotices(db, id, mostShown);
        const items = rows.map(({ uid, dueAt, createdAt, settledAt, ...rest }) => ({
          ...rest,
          sessionId: uid,
          dueAt: settledAt === null ? iso(dueAt) : null,
          createdAt: iso(createdAt),
          settledAt: iso(settledAt),
        }));
        return { items };
      },
    },
  ];
};
