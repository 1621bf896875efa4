import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import proxyAddr from '@fastify/proxy-addr';
import type { FastifyInstance } from 'fastify';
import type { Mount } from '#hub/platform/http/mount.ts';
import { languageOf } from '#hub/platform/messages.ts';

const findMount = (mounts: Mount[], { headers, url = '/' }: IncomingMessage): Mount | undefined => {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  const path = url.split('?', 1)[0]!;
  return mounts.find(
    ({ paths, upgrade }) => upgrade && paths.some(own => path === own || path.startsWith(`${own}/`)),
  );
};

/**
 * For the server's making: which requests change to a WebSocket (RFC 6455). All others stay plain requests, whatever they
 * offer (HTTP clients of Java offer HTTP/2 so): Node would else take each `Upgrade` for one.
 */
export const upgradesOf = (mounts: Mount[]): Pick<ServerOptions, 'shouldUpgradeCallback'> => ({
  shouldUpgradeCallback: request => findMount(mounts, request) !== undefined,
});

/** Hands connections that become WebSockets over to their mount, by whichever door they came; closing ends them. */
export const handUpgrades = (app: FastifyInstance, mounts: Mount[], trustedProxies: string[]): void => {
  const isTrusted = proxyAddr.compile(trustedProxies);
  const open = new Set<Duplex>();
  let closing = false;
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (closing) return socket.destroy();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // A client that is gone while it is answered is nobody's error.
    socket.on('error', () => socket.destroy());
    findMount(mounts, request)?.upgrade?.(request, socket, head, {
      requestId: randomUUID(),
      address: proxyAddr(request, isTrusted),
      language: languageOf(request.headers['accept-language']),
    });
  });
  app.addHook('preClose', async () => {
    closing = true;
    for (const socket of open) socket.destroy();
  });
};
