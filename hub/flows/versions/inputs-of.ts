import type { FlowContents, FlowInput } from '#schemas/flow.ts';

const mostAttempts = 100;
const usualAttempts = 5;

const isEventType = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-z][a-z0-9.-]{0,99}$/.test(name);

/**
 * What leads into the flows: their nodes `lienthong-event-in` that are on, on tabs that are on. In a subflow such a node has
 * no place of its own (each use of it would be another one), so it takes nothing in.
 */
export const inputsOf = (contents: FlowContents): Omit<FlowInput, 'stage'>[] => {
  const tabs = new Set(
    contents.filter(({ type, disabled }) => type === 'tab' && disabled !== true).map(({ id }) => id),
  );
  return contents
    .filter(({ type, z, d }) => type === 'lienthong-event-in' && d !== true && tabs.has(String(z)))
    .map(({ id, z, types, ordered, attempts }) => {
      const named = Array.isArray(types) ? types.filter(isEventType) : [];
      const tries = Number(attempts);
      return {
        flow: String(z),
        node: id,
        types: [...new Set(named)].sort(),
        ordered: ordered !== false,
        attempts: Number.isInteger(tries) && tries > 0 ? Math.min(tries, mostAttempts) : usualAttempts,
      };
    });
};
