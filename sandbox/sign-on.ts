import type { AppSignOn } from '#schemas/sign-on.ts';

/** How people of the sandbox open each app, at the origin that it has this time. An app that is absent is not opened. */
export const signOnOf: Record<string, (origin: string, hubOrigin: string) => AppSignOn> = {
  directives: origin => ({ launchUrl: `${origin}/`, forwardAuth: { origins: [origin] } }),
  mail: (origin, hubOrigin) => ({
    launchUrl: `${hubOrigin}/sso/webmail/open`,
    preauth: { url: `${origin}/service/preauth` },
  }),
  hr: origin => ({ launchUrl: `${origin}/` }),
  'operations-page': origin => ({ launchUrl: `${origin}/` }),
  portal: origin => ({ launchUrl: `${origin}/`, internet: true }),
  'document-system': origin => ({ launchUrl: `${origin}/`, cas: { services: [`${origin}/`] } }),
};
