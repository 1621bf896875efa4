import type { AppSignOn } from '#schemas/sign-on.ts';

/** How people of the sandbox open each app, at the origin that it has this time. An app that is absent is not opened. */
export const signOnOf: Record<string, (origin: string) => AppSignOn> = {
  'document-system': origin => ({ launchUrl: `${origin}/`, cas: { services: [`${origin}/`] } }),
};
