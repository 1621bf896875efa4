import { type EndDeps, type Ending, endSessions } from '#sso/sessions/end-sessions.ts';
import { removeSignInsUnderWay } from '#sso/sessions/end-store.ts';
import { readOpenUids } from '#sso/sessions/session-store.ts';

/** In what a person is at work while all else of theirs ends. */
export interface Kept {
  /** The session. */
  session?: string | undefined;
  /** The sign-in under way. */
  signIn?: string | undefined;
}

/** Ends the open sessions of a person and their sign-ins under way, but those kept: whoever knew the old password is out. */
export const endOthers = async (
  deps: EndDeps,
  { staffId, keep = {} }: { staffId: string; keep?: Kept },
  ending: Ending,
): Promise<void> => {
  await removeSignInsUnderWay(deps.db, staffId, keep.signIn);
  const uids = (await readOpenUids(deps.db, staffId)).filter(uid => uid !== keep.session);
  if (uids.length > 0) await endSessions(deps, uids, ending);
};
