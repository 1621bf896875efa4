import { type TSchema, Type } from 'typebox';
import { StaffId } from '#schemas/event-data/keys.ts';

const sessionKey = {
  staffId: StaffId,
  sessionId: Type.String({ description: 'The sign-in: the same in both of its events, never given again' }),
  zone: Type.String({
    description: "Where from: `wan`, the province's own network, or `internet`. More may be added",
    examples: ['wan'],
  }),
};

/** When people are signed in, and where. */
export const sessionEvents = {
  'session.started.v1': Type.Object(
    {
      ...sessionKey,
      amr: Type.Array(Type.String(), {
        description: 'How they proved who they are (RFC 8176): `pwd`, `otp`, `hwk`, …',
      }),
      app: Type.Optional(
        Type.String({ description: "The app that was opened first; absent: the sign-on's own pages" }),
      ),
    },
    { title: 'A person signed in at the single sign-on (attendance)' },
  ),
  'session.resumed.v1': Type.Object(
    {
      ...sessionKey,
      app: Type.Optional(Type.String({ description: 'The app that was opened' })),
    },
    {
      title:
        'A person who had signed in earlier opened something for the first time in this half of a day in Vietnam (attendance without signing in again)',
    },
  ),
  'session.ended.v1': Type.Object(
    {
      ...sessionKey,
      reason: Type.String({
        description:
          '`signed-out` by the person; `revoked` by them from elsewhere or by the IT centre; `left`, `suspended`: the person; `expired`: found minutes later. More may be added',
        examples: ['signed-out'],
      }),
    },
    { title: 'A sign-in ended' },
  ),
} satisfies Record<string, TSchema>;
