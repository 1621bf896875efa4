import type { IncomingMessage } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';

const sockets = new WeakSet<Socket>();

/**
 * A second door to the same HTTP server, for connections that come from the Internet. They are the server's own from
 * there on (its limits, its end); only where they came in is remembered, and nothing that a client sends changes that.
 */
export const createInternetDoor = (server: { emit(event: 'connection', socket: Socket): boolean }): Server =>
  createServer({ allowHalfOpen: true, noDelay: true }, socket => {
    sockets.add(socket);
    server.emit('connection', socket);
  });

/** Whether a request came in by that door. */
export const cameByInternetDoor = ({ socket }: Pick<IncomingMessage, 'socket'>): boolean =>
  sockets.has(socket);
