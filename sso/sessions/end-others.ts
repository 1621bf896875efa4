import { type EndDeps, type Ending, endSessions } from '#sso/sessions/end-sessions.ts';
import { readOpenUids } from '#sso/sessions/session-store.ts';

/** Ends the open sessions of a person but one (undefined: all): whoever knew the old password is out. */
export const endOthers = async (
  deps: EndDeps,
  { staffId, keep }: { staffId: string; keep?: string | undefined },
  ending: Ending,
): Promise<void> => {
  const uids = (await readOpenUids(deps.db, staffId)).filter(uid => uid !== keep);
  if (uids.length > 0) await endSessions(deps, uids, ending);
};
