import type { Caller } from '#hub/platform/http/route.ts';

/** What flows call the API as: only the hub's own parts get a token for it (`sso.own-token`). */
const flowsClient = 'lienthong-flows';

/** Whether a caller acts for every app, not for its own alone: the IT centre, and the flows that it draws. */
export const seesAllApps = ({ clientId, scopes }: Pick<Caller, 'clientId' | 'scopes'>): boolean =>
  scopes.includes('admin') || clientId === flowsClient;
