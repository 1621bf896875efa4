import type { Database } from '#hub/platform/database.ts';
import type { OpenedApp } from '#sso/sessions/session.ts';
import { touchSession } from '#sso/sessions/session-store.ts';

/**
 * Notes that a session has opened an app: it will be told when the session ends. `detail` is what its protocol needs for
 * that (a ticket, an address); each call adds one. False: the session has ended, so nothing may be opened.
 */
export const noteAppOpened = async (
  db: Database,
  { uid, ...app }: OpenedApp & { uid: string },
): Promise<boolean> => (await touchSession(db, { uid, app })) === 'open';
