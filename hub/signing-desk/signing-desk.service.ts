import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { decisionRoutes } from '#hub/signing-desk/decision-routes.ts';
import { delegationRoutes } from '#hub/signing-desk/delegation-routes.ts';
import { documentRoutes } from '#hub/signing-desk/document-routes.ts';
import { tokenRoutes } from '#hub/signing-desk/token-routes.ts';
import { troubleRoutes } from '#hub/signing-desk/trouble-routes.ts';
import { createPages } from '#hub/signing-desk/visit.ts';
import { waitingRoutes } from '#hub/signing-desk/waiting-routes.ts';

/** A file of the pages; it tells nothing of anybody. */
const fileRoute = (name: string, type: string, summary: string): Route => {
  const text = readFileSync(join(import.meta.dirname, 'pages', name), 'utf8');
  return {
    method: 'GET',
    path: `/signing/${name}`,
    scope: 'public',
    tag: 'signing-desk',
    summary,
    handle: async () => new Reply(200, text, { 'content-type': `${type}; charset=utf-8` }),
  };
};

/** The desk of those who sign: pages for a phone, behind the sign-on. What is decided there is the signing part's to carry out. */
const createSigningDesk: CreatePart = context => {
  const pages = createPages(context);
  return {
    name: 'signing-desk',
    actions: {},
    routes: [
      fileRoute('desk.css', 'text/css', 'What only the pages of the desk look like'),
      fileRoute('desk.js', 'text/javascript', 'What makes choosing many easier; nothing needs it'),
      fileRoute('token.js', 'text/javascript', 'What calls the signing agent for USB tokens'),
      ...waitingRoutes(context, pages),
      ...documentRoutes(context, pages),
      ...tokenRoutes(context, pages),
      ...decisionRoutes(context, pages),
      ...delegationRoutes(context, pages),
      ...troubleRoutes(context, pages),
    ],
  };
};

export default createSigningDesk;
