import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demandSight, readSight } from '#hub/console/guard-console.ts';
import { readGlance } from '#hub/console/read-glance.ts';
import { renderPage } from '#hub/console/render-page.ts';
import { watchGlance } from '#hub/console/watch-glance.ts';
import { Reply } from '#hub/platform/http/route.ts';
import type { CreatePart } from '#hub/platform/part.ts';

const file = (name: string): string => readFileSync(join(import.meta.dirname, 'page', name), 'utf8');
const page = (type: string, body: string, status = 200) =>
  new Reply(status, body, { 'content-type': `${type}; charset=utf-8` });
/** The sign-on's way here for who is not signed in. */
const signIn = '/sso/my/open?to=/console';
const common = { method: 'GET', scope: 'public', tag: 'console' } as const;

/**
 * The first look, for the IT centre: the apps, their state, and changes as they flow. Ids and app names only: no person
 * is named.
 */
const createConsole: CreatePart = context => ({
  name: 'console',
  actions: {},
  routes: [
    {
      ...common,
      path: '/console',
      summary: 'First look: the apps and the last changes',
      async handle(request) {
        const sight = await readSight(context, request);
        if (sight === 'signed-out') return new Reply(303, undefined, { location: signIn });
        const { language } = request;
        if (sight === 'not-allowed') return page('text/html', renderPage('not-allowed', language), 403);
        return page('text/html', renderPage('first-look', language));
      },
    },
    {
      ...common,
      path: '/console/first-look.css',
      summary: 'Its style',
      handle: async () => page('text/css', file('first-look.css')),
    },
    {
      ...common,
      path: '/console/first-look.js',
      summary: 'Its script',
      handle: async () => page('text/javascript', file('first-look.js')),
    },
    {
      ...common,
      path: '/console/glance',
      summary: 'What the page shows, as JSON',
      async handle(request) {
        await demandSight(context, request);
        return readGlance(context);
      },
    },
    {
      ...common,
      path: '/console/live',
      summary: 'The same as server-sent events, when something has changed',
      async handle(request) {
        await demandSight(context, request);
        const mayGoOn = async () => (await readSight(context, request)) === 'seen';
        return new Reply(200, watchGlance(context, mayGoOn, request.signal), {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
        });
      },
    },
  ],
});

export default createConsole;
