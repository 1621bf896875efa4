import type { Event } from '#schemas/event.ts';
import { staffAttributes } from '#schemas/staff.ts';

const basic = new Set<string>([
  ...Object.entries(staffAttributes).flatMap(([name, { sensitivity }]) =>
    sensitivity === 'basic' ? [name] : [],
  ),
  'positions',
]);
const ids = ['staffId', 'unitId', 'successorId', 'app', 'outOfScope'];

/**
 * A fact for many eyes: who it is about and which basic attributes changed, by name; no value. Undefined when it
 * speaks of nothing but other attributes: then even that it happened is for those who are entitled. Facts about pay,
 * awards and discipline are types, and so subjects, of their own. `notice` tells it from the whole fact with the same id.
 */
export const toNotice = (event: Event): Event | undefined => {
  const data: Record<string, unknown> = { notice: true };
  for (const name of ids) if (event.data[name] !== undefined) data[name] = event.data[name];
  if (Array.isArray(event.data.changed)) {
    const changed = (event.data.changed as string[]).filter(name => basic.has(name));
    if (changed.length === 0 && event.type === 'vn.lienthong.staff.updated.v1') return undefined;
    data.changed = changed;
  }
  return { ...event, data };
};
