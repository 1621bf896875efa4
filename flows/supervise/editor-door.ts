import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createProxyServer } from 'httpxy';
import { type PersonAtEditor, personHeader } from '#flows/channel/person-at-editor.ts';
import { refuseVisitor } from '#flows/supervise/editor-page.ts';
import { readVisitor } from '#flows/supervise/editor-visitor.ts';
import type { Editor } from '#flows/supervise/start-editor.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { Handed, Mount } from '#hub/platform/http/mount.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** How often an open connection is asked again whose it is: so long a role outlives its withdrawal there. */
const askAgainMs = 60_000;

/** Node-RED's pages write code into themselves; what they show and ask for is ours all the same, and no other page frames them. */
const policy =
  "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/** The only thing that those do who may only look: leave. */
const leaving = '/flows/auth/revoke';

const changes = ({ method }: IncomingMessage): boolean => method !== 'GET' && method !== 'HEAD';
const opensPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '');

/** What the editor's process gets: who asks, proven here, and nothing by which anybody could ask elsewhere. */
const introduce = ({ headers }: IncomingMessage, person: PersonAtEditor): void => {
  for (const name of ['cookie', 'authorization', 'forwarded']) delete headers[name];
  for (const name of Object.keys(headers)) if (name.startsWith('x-forwarded-')) delete headers[name];
  headers[personHeader] = Buffer.from(JSON.stringify(person)).toString('base64url');
};

/**
 * `/flows`: the editor behind the sign-on's session, which is asked for at every request; there is no token that could
 * outlive it. What changes something must come from a page of our own origin.
 */
export const createEditorDoor = (
  { call, config, log }: Pick<PartContext, 'call' | 'config' | 'log'>,
  editor: Pick<Editor, 'socketPath'>,
  { askAgainAfterMs = askAgainMs }: { askAgainAfterMs?: number } = {},
): Mount => {
  const proxy = createProxyServer({ proxyTimeout: 60_000 });
  // Left to itself the library keeps the editor's side of a connection that we end.
  proxy.on('proxyReqWs', (asked, _request, socket) => {
    asked.once('upgrade', (_answer, upstream) => {
      if (socket.destroyed) upstream.destroy();
      else socket.once('close', () => upstream.destroy());
    });
  });
  const target = () => {
    const socketPath = editor.socketPath();
    return socketPath === undefined
      ? undefined
      : { target: { socketPath, host: 'flows', protocol: 'http:' } };
  };
  const isOurs = ({ headers }: IncomingMessage): boolean => headers.origin === config.origin;

  const answer = async (request: IncomingMessage, response: ServerResponse, handed: Handed) => {
    const isPage = opensPage(request);
    const refuse = (why: Parameters<typeof refuseVisitor>[1]): void =>
      refuseVisitor(response, why, { ...handed, isPage });
    response.setHeader('content-security-policy', policy);
    const visitor = await readVisitor(call, request, handed);
    if (visitor === undefined) {
      if (!isPage) return refuse('signed-out');
      const location = `/sso/my/open?${new URLSearchParams({ to: '/flows/' })}`;
      response.writeHead(303, { location, 'cache-control': 'no-store' });
      return response.end();
    }
    const { right, staffId, name } = visitor;
    if (right === undefined) return refuse('not-allowed');
    if (changes(request) && !isOurs(request)) return refuse('other-page');
    if (right === 'read' && changes(request) && request.url !== leaving) return refuse('read-only');
    const to = target();
    if (to === undefined) return refuse('away');
    introduce(request, { staffId, name, right });
    await proxy.web(request, response, to);
  };

  const join = async (request: IncomingMessage, socket: Duplex, head: Buffer, handed: Handed) => {
    const { cookie } = request.headers;
    const ask = () => readVisitor(call, { headers: { cookie }, socket: request.socket }, handed);
    const visitor = await ask();
    const to = target();
    if (visitor?.right === undefined || !isOurs(request) || to === undefined) return socket.destroy();
    const { staffId, name, right } = visitor;
    introduce(request, { staffId, name, right });
    const timer = setInterval(() => {
      ask()
        .then(now => now?.right === right || socket.destroy())
        .catch(() => socket.destroy());
    }, askAgainAfterMs).unref();
    socket.once('close', () => clearInterval(timer));
    await proxy.ws(request, request.socket, to, head);
  };

  return {
    paths: ['/flows'],
    handle(request, response, handed) {
      answer(request, response, handed).catch((cause: unknown) => {
        log.warn({ requestId: handed.requestId, cause: describeCause(cause) }, 'the flow editor is away');
        if (response.headersSent) response.destroy();
        else refuseVisitor(response, 'away', { ...handed, isPage: opensPage(request) });
      });
    },
    upgrade(request, socket, head, handed) {
      join(request, socket, head, handed).catch(() => socket.destroy());
    },
  };
};
