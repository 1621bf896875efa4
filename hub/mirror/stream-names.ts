import type { Event } from '#schemas/event.ts';

/** The stream that all apps share: notices, no attribute of a person. */
export const sharedStream = 'LIENTHONG';

/** The stream of an app's own. Ids of apps have no `_`, so no two apps get the same one. */
export const streamOf = (app: string): string => `${sharedStream}_${app.toUpperCase().replaceAll('-', '_')}`;

/** What begins the subjects of a stream: the shared one's, or an app's. */
export const prefixOf = (app: string | null): string => (app === null ? 'lienthong' : `lienthong-app.${app}`);

/**
 * What a stream takes: at least a type (three words) and a subject. Wider would catch `lienthong.wake.*`, the hub's
 * own talk.
 */
export const subjectsOf = (app: string | null): string[] => [`${prefixOf(app)}.*.*.*.>`];

/** `vn.lienthong.staff.joined.v1` about `staff/<uuid>`: `lienthong.staff.joined.v1.staff.<uuid>`. */
export const subjectOf = ({ type, subject }: Pick<Event, 'type' | 'subject'>, app: string | null): string =>
  `${prefixOf(app)}.${type.replace(/^vn\.lienthong\./, '')}.${subject.replaceAll('/', '.')}`;
