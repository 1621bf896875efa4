import { AppError } from '#hub/platform/errors.ts';
import type { Event } from '#schemas/event.ts';
import { type EventName, eventNames, eventType } from '#schemas/event.ts';

/** Which facts a reader asks for, of those that it may see. */
export interface EventFilter {
  /** Types as they travel. */
  types?: ReadonlySet<string>;
  subject?: string;
}

const typeOf = (text: string): string | undefined => {
  if (eventNames.includes(text as EventName)) return eventType(text as EventName);
  return eventNames.some(name => eventType(name) === text) ? text : undefined;
};

/**
 * Types as they travel from names (`staff.joined`) or whole types.
 *
 * @throws {AppError} `invalid-request` when there is no such type; `pointer` says where it stood
 */
export const readTypes = (texts: readonly string[], pointer: string): string[] => {
  const types = texts.map(typeOf);
  if (types.every(type => type !== undefined)) return [...new Set(types)].sort();
  throw new AppError('invalid-request', {}, { faults: [{ pointer, code: 'unknown-event-type' }] });
};

/** The filter in a query: `types` is a comma list. */
export const readFilter = ({ types, subject }: Record<string, string | undefined>): EventFilter => {
  const listed = types?.split(',').filter(text => text !== '') ?? [];
  return {
    ...(listed.length > 0 ? { types: new Set(readTypes(listed, '/types')) } : {}),
    ...(subject ? { subject } : {}),
  };
};

/** Whether a fact is asked for. Pure. */
export const isAskedFor = (event: Event, { types, subject }: EventFilter): boolean =>
  (types === undefined || types.has(event.type)) && (subject === undefined || event.subject === subject);
