import type { CloudEvent } from '#schemas/cloud-event.ts';
import type { Event } from '#schemas/event.ts';

/** A fact in its form for the outside. Who did it (`actor`) and where it lies in the log stay inside. */
export const toCloudEvent = (event: Event): CloudEvent => ({
  specversion: '1.0',
  id: event.id,
  source: `/lienthong/${event.source}`,
  type: event.type,
  subject: event.subject,
  time: event.at.toISOString(),
  datacontenttype: 'application/json',
  sequence: String(event.subjectVersion).padStart(10, '0'),
  partitionkey: event.subject,
  data: event.data,
});
