import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { say } from '#hub/platform/messages.ts';

const kinds: Record<string, [status: number, code: string, words?: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout'],
  // Most often letters that were not percent-encoded.
  HPE_INVALID_URL: [400, 'malformed-request', 'bad-address'],
  HPE_HEADER_OVERFLOW: [431, 'header-too-large'],
};

/** What is not HTTP, or comes too slowly, never reaches a route: answered on the bare connection, then closed. */
export const answerBrokenRequest = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, words = code] = kinds[error.code ?? ''] ?? [400, 'malformed-request'];
  const title = say('vi', `http.status-${status}`);
  const body = JSON.stringify({
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail: say('vi', `http.broken-${words}`),
    instance: `urn:uuid:${randomUUID()}`,
  });
  socket.end(
    [
      `HTTP/1.1 ${status} ${code}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
};
