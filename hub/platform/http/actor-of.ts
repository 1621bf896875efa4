import type { Caller } from '#hub/platform/http/route.ts';

/** Who is named in the audit trail and in events: the person where one has signed in, else the program. */
export const actorOf = ({ staffId, clientId }: Pick<Caller, 'staffId' | 'clientId'>): string =>
  staffId === undefined ? `client/${clientId}` : `staff/${staffId}`;
