import { type LogoutOutcome, logoutTimeoutMs } from '#sso/leaving/logout-sender.ts';

/** OpenID Connect Back-Channel Logout 1.0 §2.8: 200; some answer 204. */
const isOk = (status: number): boolean => status >= 200 && status < 300;

/**
 * Posts a form to an app's registered address; `takes` tells which answers mean that the app has taken it. No redirect is
 * followed: it would lead to where nobody has registered anything. Never rejects.
 */
export const postLogout = async (
  url: string,
  fields: Record<string, string>,
  takes: (status: number) => boolean = isOk,
): Promise<LogoutOutcome> => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
      signal: AbortSignal.timeout(logoutTimeoutMs),
    });
    await answer.body?.cancel();
    return takes(answer.status) ? 'told' : { failure: `status-${answer.status}` };
  } catch (error) {
    return { failure: (error as Error).name === 'TimeoutError' ? 'timed-out' : 'unreachable' };
  }
};
