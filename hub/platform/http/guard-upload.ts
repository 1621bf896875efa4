import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { AppError } from '#hub/platform/errors.ts';
import type { Language } from '#hub/platform/messages.ts';
import { say } from '#hub/platform/messages.ts';

/**
 * What comes after an early answer is read and thrown away: a client that is still sending would otherwise
 * see its connection break instead of the reason. The request timeout ends it.
 */
export const drainRequest = (incoming: IncomingMessage): void => {
  if (!incoming.complete && !incoming.destroyed) incoming.unpipe().resume();
};

/**
 * The body of an upload as a stream that a handler may leave or destroy at any point without breaking the
 * connection. It fails with `malformed-body` when the client breaks off.
 */
export const guardUpload = (incoming: IncomingMessage, language: Language): PassThrough => {
  const guarded = new PassThrough();
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
