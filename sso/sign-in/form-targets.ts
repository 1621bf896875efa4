import type { SignOnClient } from '#schemas/sign-on.ts';

/** Where the forms of a sign-in lead at last: the client's own addresses, and the origins of its app. */
export const formTargetsOf = (
  redirectUris: readonly string[],
  client: SignOnClient | undefined,
): string[] => {
  const signOn = client?.app?.signOn;
  const urls = [
    ...redirectUris,
    ...(signOn?.cas?.services ?? []),
    ...(signOn?.forwardAuth?.origins ?? []),
    ...(signOn?.preauth ? [signOn.preauth.url] : []),
  ];
  return [...new Set(urls.map(url => new URL(url).origin))];
};
