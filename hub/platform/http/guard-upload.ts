import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { AppError } from '#hub/platform/errors.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { Language } from '#hub/platform/messages.ts';
import { say } from '#hub/platform/messages.ts';

/** How long a client that sends too much has for reading why. */
const lingerMs = 1000;

const readable = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MB` : `${Math.ceil(bytes / 1024)} KB`;

/** The error of a body that is larger than `maxBytes`. */
export const tooLarge = (maxBytes: number): AppError =>
  new AppError('too-large', { limit: readable(maxBytes) });

/**
 * What comes after an early answer is read and thrown away: a client that is still sending would otherwise
 * see its connection break instead of the reason. The request timeout ends it.
 */
export const drainRequest = (incoming: IncomingMessage): void => {
  if (!incoming.complete && !incoming.destroyed) incoming.unpipe().resume();
};

/** Ends the connection of a client that still sends what was refused as too large; not at once, see `drainRequest`. */
export const endSoon = (incoming: IncomingMessage): void => {
  const timer = setTimeout(() => incoming.socket.destroy(), lingerMs).unref();
  incoming.once('end', () => clearTimeout(timer));
};

/**
 * The body of an upload as a stream that a handler may leave or destroy at any point without breaking the
 * connection. It fails with `malformed-body` when the client breaks off, with `too-large` as soon as more than
 * `maxBytes` have come.
 */
export const guardUpload = (
  incoming: IncomingMessage,
  language: Language,
  {
    maxBytes = Number.POSITIVE_INFINITY,
    maxFileBytes = maxBytes,
  }: Pick<Route, 'maxBytes' | 'maxFileBytes'> = {},
): Readable => {
  let size = 0;
  const guarded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) done(tooLarge(maxFileBytes));
      else done(null, chunk);
    },
  });
  const cutShort = (): void => {
    if (incoming.complete) return;
    guarded.destroy(new AppError('malformed-body', { reason: say(language, 'http.reason-cut-short') }));
  };
  // An upload whose handler has left it has nobody else to hear its error.
  guarded.on('error', () => {});
  guarded.once('close', () => drainRequest(incoming));
  incoming.once('error', cutShort).once('close', cutShort);
  return incoming.pipe(guarded);
};
