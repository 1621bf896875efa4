import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGlance } from '#hub/console/read-glance.ts';
import { renderPage } from '#hub/console/render-page.ts';
import { watchGlance } from '#hub/console/watch-glance.ts';
import { Reply } from '#hub/platform/http/route.ts';
import type { CreatePart } from '#hub/platform/part.ts';

const file = (name: string): string => readFileSync(join(import.meta.dirname, 'page', name), 'utf8');
const page = (type: string, body: string) =>
  new Reply(200, body, { 'content-type': `${type}; charset=utf-8` });
const common = { method: 'GET', scope: 'public', tag: 'console' } as const;

/** The first look: the apps, their state, and changes as they flow. Ids and app names only: no person is named. */
const createConsole: CreatePart = context => ({
  name: 'console',
  actions: {},
  routes: [
    {
      ...common,
      path: '/console',
      summary: 'First look: the apps and the last changes',
      handle: async ({ language }) => page('text/html', renderPage(language)),
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
      handle: () => readGlance(context),
    },
    {
      ...common,
      path: '/console/live',
      summary: 'The same as server-sent events, when something has changed',
      handle: async ({ signal }) =>
        new Reply(200, watchGlance(context, signal), {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
        }),
    },
  ],
});

export default createConsole;
