import type { Secrets } from '#hub/platform/secrets.ts';
import type { HrRecord } from '#schemas/hr-record.ts';

/** The same text for the same record, in whatever order its properties came. */
const inOrder = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(inOrder)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, inner]) => [name, inOrder(inner)]),
        )
      : value;

/** A record as the decision queue keeps it: sealed, with a keyed hash by which the same record is known again. */
export const sealRecord = (secrets: Secrets, record: HrRecord): { record: Buffer; content: Buffer } => ({
  record: secrets.seal('decision', JSON.stringify(record)),
  content: secrets.keyedHash('decision', JSON.stringify(inOrder(record))),
});
