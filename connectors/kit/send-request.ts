import http from 'node:http';
import https from 'node:https';
import { ConnectorError } from '#connectors/kit/errors.ts';

/** What goes over the wire. */
export interface WireRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  signal: AbortSignal;
  maxBytes: number;
}
export interface WireAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

// Connections are kept and used again. Node's own client costs half of what `fetch` costs per call, and the
// hub's calls are what it spends its time on (bench: fan-out).
const keep = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 64 };
const plain = new http.Agent(keep);
const secure = new https.Agent(keep);

const readText = async (response: http.IncomingMessage, maxBytes: number): Promise<string> => {
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') {
    response.destroy();
    throw new ConnectorError('unexpected-answer', 'the answer is compressed, which was not asked for');
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.byteLength;
    if (size > maxBytes) {
      response.destroy();
      throw new ConnectorError('unexpected-answer', `the answer is larger than ${maxBytes} bytes`);
    }
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]!.toString('utf8') : Buffer.concat(parts).toString('utf8');
};

const sendOnce = (request: WireRequest): Promise<WireAnswer> =>
  new Promise((resolve, reject) => {
    const { method, url, headers, body, signal, maxBytes } = request;
    const isSecure = url.startsWith('https:');
    const outgoing = (isSecure ? https : http).request(url, {
      method,
      agent: isSecure ? secure : plain,
      signal,
      // Without this header any coding would be allowed (RFC 9110 §12.5.3), and what unpacks to gigabytes too.
      headers: {
        'accept-encoding': 'identity',
        ...headers,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
    });
    outgoing.once('error', error => reject(Object.assign(error, { reused: outgoing.reusedSocket })));
    outgoing.once('response', response => {
      readText(response, maxBytes).then(
        text => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        reject,
      );
    });
    outgoing.end(body);
  });

/** An app that restarted leaves us connections that are dead already: nobody has read the request. */
const wasStale = (error: unknown): boolean => {
  const { code, reused } = error as { code?: string; reused?: boolean };
  return reused === true && (code === 'ECONNRESET' || code === 'EPIPE');
};

/** One HTTP/1.1 exchange without redirects; a request that met a dead kept connection is sent once more. */
export const sendRequest = (request: WireRequest): Promise<WireAnswer> =>
  sendOnce(request).catch(error => {
    if (wasStale(error) && !request.signal.aborted) return sendOnce(request);
    throw error;
  });
