import { type LogoutOutcome, logoutTimeoutMs } from '#sso/leaving/logout-sender.ts';

const reasonOf = (error: unknown): string => {
  if ((error as Error).name === 'TimeoutError') return 'timed-out';
  return 'unreachable';
};

/**
 * Posts a form to an app's registered address. No redirect is followed: it would lead to where nobody has registered
 * anything. Never rejects.
 */
export const postLogout = async (
  url: string,
  fields: Record<string, string>,
  timeoutMs = logoutTimeoutMs,
): Promise<LogoutOutcome> => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    return answer.status >= 200 && answer.status < 300 ? 'told' : { failure: `status-${answer.status}` };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
};
