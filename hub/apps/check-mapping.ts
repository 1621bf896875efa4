import jsonata from 'jsonata';
import type { Fault } from '#hub/platform/errors.ts';

/** What cannot be read of an app's mapping expressions (JSONata), by pointer. Parses only; nothing is evaluated. */
export const checkMapping = (mapping: Record<string, string>): Fault[] =>
  Object.entries(mapping).flatMap(([field, expression]) => {
    try {
      jsonata(expression);
      return [];
    } catch (error) {
      const { message, position } = error as { message?: string; position?: number };
      const place = position === undefined ? '' : ` (${position})`;
      return [
        { pointer: `/mapping/${field}`, code: 'mapping-unreadable', detail: `${message ?? ''}${place}` },
      ];
    }
  });
