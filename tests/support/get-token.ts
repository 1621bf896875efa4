import type { Call } from '#hub/platform/calls.ts';

/** An access token of a new client, as a program gets one; `appId` undefined: a client of no app. */
export const getToken = async (
  { call, origin }: { call: Call; origin: string },
  appId: string | undefined,
  scopes: string[],
): Promise<string> => {
  const { clientId, clientSecret } = await call('apps.create-client', {
    ...(appId === undefined ? {} : { appId }),
    scopes,
    actor: 'test',
  });
  const answer = await fetch(`${origin}/sso/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
};
