import { type Static, Type } from 'typebox';

/**
 * A fact as it travels: CloudEvents 1.0 in structured JSON, with the extensions Sequence and Partitioning.
 * The same fact has the same `id` on every channel and at every repeat.
 */
export const CloudEvent = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String({ format: 'uuid' }),
  /** Where the fact came from: `/lienthong/hr`. */
  source: Type.String(),
  /** `vn.lienthong.staff.joined.v1` */
  type: Type.String(),
  /** `staff/<uuid>`, `unit/<uuid>` or `account/<app>/<uuid>`. */
  subject: Type.String(),
  time: Type.String({ format: 'date-time' }),
  datacontenttype: Type.Literal('application/json'),
  /** Order within the subject, ten digits: grows, with gaps where facts are not for the reader. */
  sequence: Type.String(),
  /** Equals `subject`: what has the same key comes in order. */
  partitionkey: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type CloudEvent = Static<typeof CloudEvent>;
