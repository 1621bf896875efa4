import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Handed } from '#hub/platform/http/mount.ts';
import { say } from '#hub/platform/messages.ts';
import { drawPagesOf } from '#hub/platform/pages/draw-pages.ts';

const draw = drawPagesOf(join(import.meta.dirname, 'pages'));

/** Why the editor is not shown. */
const statusOf = { 'not-allowed': 403, 'read-only': 403, 'other-page': 403, 'signed-out': 401, away: 503 };
type Refusal = keyof typeof statusOf;

/** Tells in words why: as a page to who opens one, else as the text that the editor shows. */
export const refuseVisitor = (
  response: ServerResponse,
  refusal: Refusal,
  { language, isPage }: Pick<Handed, 'language'> & { isPage: boolean },
): void => {
  const words = say(language, `flow-editor.${refusal}`);
  const body = isPage
    ? draw('no-editor', language, { title: say(language, 'flow-editor.title'), words })
    : words;
  response.writeHead(statusOf[refusal], {
    'content-type': `text/${isPage ? 'html' : 'plain'}; charset=utf-8`,
    'cache-control': 'no-store',
    // The editor is on its way: the page looks again by itself.
    ...(refusal === 'away' ? { 'retry-after': '3', ...(isPage ? { refresh: '3' } : {}) } : {}),
  });
  response.end(body);
};
