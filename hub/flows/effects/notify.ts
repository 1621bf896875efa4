import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { callApp } from '#hub/flows/effects/call-app.ts';
import type { Effect } from '#hub/flows/effects/effect.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { Staff } from '#schemas/staff.ts';

const Notice = Type.Object({
  /** The app whose port `notices` sends it. */
  app: Type.String(),
  staffIds: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { maxItems: 500 })),
  /** Everybody of these units, not of those below. */
  unitIds: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { maxItems: 50 })),
  subject: Type.String({ minLength: 1, maxLength: 300 }),
  text: Type.String({ minLength: 1, maxLength: 20_000 }),
});

/** Everybody of a unit, however many they are. */
const peopleOf = async (call: PartContext['call'], unitId: string): Promise<Staff[]> => {
  const found: Staff[] = [];
  let cursor: string | undefined;
  do {
    const page = await call('staff.search', {
      unitId,
      status: 'active',
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
};

/** Tells people in service something, each once. Who has no address is told in `without`. */
export const notify: Effect = async (context, given, id) => {
  if (!Check(Notice, given))
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/input', code: 'notice' }] });
  const { app, staffIds = [], unitIds = [], subject, text } = given as Static<typeof Notice>;
  const { call } = context;
  const people = new Map((await call('staff.snapshots', { ids: staffIds })).map(staff => [staff.id, staff]));
  for (const unitId of unitIds) for (const staff of await peopleOf(call, unitId)) people.set(staff.id, staff);
  const active = [...people.values()].filter(({ status }) => status === 'active');
  const to = active.flatMap(({ email }) => (email === undefined ? [] : [email]));
  const without = active.filter(({ email }) => email === undefined).map(staff => staff.id);
  if (to.length > 0)
    await callApp(context, { app, port: 'notices', method: 'send', input: { id, to, subject, text } }, id);
  return { told: to.length, without };
};
