import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { AppError } from '#hub/platform/errors.ts';
import { Reply } from '#hub/platform/http/route.ts';
import { bearer, echoRoute, type RunningEdge, read, startEdge, until } from '#tests/http/start-edge.ts';

const sse = { 'content-type': 'text/event-stream' };

describe('Streams at the HTTP edge', () => {
  let edge: RunningEdge;
  let signal: AbortSignal;
  let ended = 0;
  let uploaded = 0;
  let failure: unknown;

  beforeEach(async () => {
    ended = 0;
    uploaded = 0;
    edge = await startEdge({
      routes: [
        echoRoute({
          method: 'GET',
          path: '/events',
          body: undefined,
          handle: async request => {
            signal = request.signal;
            const events = async function* () {
              try {
                yield 'data: 1\n\n';
                await new Promise(resolve =>
                  request.signal.addEventListener('abort', resolve, { once: true }),
                );
              } finally {
                ended += 1;
              }
            };
            return new Reply(200, events(), sse);
          },
        }),
        echoRoute({
          path: '/upload',
          raw: true,
          contentTypes: ['text/csv'],
          handle: async ({ stream }) => {
            let bytes = 0;
            stream.once('error', error => {
              failure = error;
            });
            for await (const chunk of stream) {
              bytes += chunk.length;
              uploaded = bytes;
              if (bytes > 20_000_000) throw new AppError('too-large', { limit: '20 MB' });
            }
            return { bytes };
          },
        }),
      ],
    });
  });
  afterEach(() => edge.close());

  it('sends events as they come and ends the source when the client goes', async () => {
    const going = new AbortController();
    const answer = await fetch(`${edge.origin}/events`, { headers: bearer('reader'), signal: going.signal });
    assert.equal(answer.headers.get('content-type'), 'text/event-stream');
    assert.equal(answer.headers.get('x-accel-buffering'), 'no');
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('data: 1')) text += (await reader.read()).value;
    assert.ok(text.startsWith(': open\n\n'));
    going.abort();
    await until('the source to end', () => ended === 1);
    assert.ok(signal.aborted);
  });

  it('does not hold up its own end for a stream that goes on', async () => {
    const answer = await fetch(`${edge.origin}/events`, { headers: bearer('reader') });
    const reader = answer.body!.getReader();
    await reader.read();
    await edge.close();
    await until('the source to end', () => ended === 1);
    await reader.cancel().catch(() => {});
  });

  it('starts no stream for HEAD', async () => {
    const answer = await fetch(`${edge.origin}/events`, { method: 'HEAD', headers: bearer('reader') });
    assert.equal(answer.status, 200);
  });

  it('hands an upload larger than any JSON to the handler, which holds the limit', async () => {
    const send = (bytes: number, type = 'text/csv') =>
      fetch(`${edge.origin}/upload`, {
        method: 'POST',
        headers: { ...bearer('reader'), 'content-type': type },
        body: Buffer.alloc(bytes, 97),
      });
    assert.deepEqual(await read(send(15_000_000)), { bytes: 15_000_000 });
    const tooMuch = await send(80_000_000);
    assert.equal(tooMuch.status, 413);
    assert.equal((await read(tooMuch)).code, 'too-large');
    assert.equal((await send(10, 'image/png')).status, 415);
  });

  it('tells the handler of an upload that breaks off', async () => {
    const head =
      'POST /upload HTTP/1.1\r\nhost: a\r\nauthorization: Bearer reader\r\ncontent-type: text/csv\r\n';
    const socket = connect(edge.port, '127.0.0.1', () =>
      socket.write(`${head}content-length: 1000\r\n\r\nhalf`),
    );
    await until('the upload to begin', () => uploaded > 0);
    socket.destroy();
    await until('the end to be noticed', () => edge.lines.some(line => line.includes('"brokenOff":true')));
    await until('the handler to be told', () => failure !== undefined);
    assert.equal((failure as AppError).code, 'malformed-body');
  });

  it('finishes what is under way when it ends, and tells new requests to come again', async () => {
    const gate = Promise.withResolvers<void>();
    let begun = false;
    const slow = await startEdge({
      routes: [
        echoRoute({
          method: 'GET',
          path: '/slow',
          scope: 'public',
          body: undefined,
          handle: async () => {
            begun = true;
            await gate.promise;
            return { finished: true };
          },
        }),
      ],
    });
    const open = (text: string) => {
      const connection = { answer: '', socket: connect(slow.port, '127.0.0.1') };
      connection.socket.on('data', chunk => {
        connection.answer += chunk;
      });
      connection.socket.write(text);
      return connection;
    };
    const head = 'GET /slow HTTP/1.1\r\nhost: a\r\n';
    const late = open(head);
    const early = open(`${head}\r\n`);
    await until('the first to be under way', () => begun);
    const closed = slow.close();
    late.socket.write('\r\n');
    await until('the late one to be answered', () => late.answer.includes('not-ready'));
    assert.match(late.answer, /^HTTP\/1\.1 503 [\s\S]*retry-after: /);
    gate.resolve();
    await closed;
    await until('the early one to be answered', () => early.answer.includes('"finished":true'));
  });
});
