import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { EgressPolicy } from './egress-policy.ts';
import { hostOf } from './egress-policy.ts';
import type { PostResult } from './judge-answer.ts';
import { createPinnedLookup, notAllowed, type Resolve } from './pin-address.ts';

/** A subscriber's address, taken apart once. */
export interface Target {
  secure: boolean;
  options: http.RequestOptions;
  headers: string[];
  /** An address in the URL itself that may not be sent to. */
  refused: boolean;
}

/**
 * What breaks off all requests of one subscription at once. An `AbortSignal` costs a tenth of a request for each
 * listener that comes and goes.
 */
export interface Breaker {
  broken: boolean;
  underWay: Set<() => void>;
}
export const createBreaker = (): Breaker => ({ broken: false, underWay: new Set() });
export const breakOff = (breaker: Breaker): void => {
  breaker.broken = true;
  for (const abort of breaker.underWay) abort();
};

/** Posts to subscribers over connections that are kept. Never rejects. */
export interface Poster {
  target(url: string): Target;
  post(target: Target, headers: Record<string, string>, body: string, breaker: Breaker): Promise<PostResult>;
  stop(): void;
}

const timeoutMs = 15_000;
const readAtMost = 64 * 1024;
const keepAtMost = 1000;

const failureOf = (code: string | undefined): string => {
  if (code === notAllowed) return 'address-not-allowed';
  return code === 'ECONNRESET' || code?.startsWith('HPE_') ? 'broken-answer' : 'unreachable';
};

/** `timeout` is for the whole exchange, in milliseconds. */
export const createPoster = (
  policy: EgressPolicy,
  resolve: Resolve,
  { timeout = timeoutMs }: { timeout?: number } = {},
): Poster => {
  // The lookup belongs to the agent: a kept connection leads to the address that was judged when it was made.
  const keep = {
    keepAlive: true,
    keepAliveMsecs: 30_000,
    maxFreeSockets: 64,
    lookup: createPinnedLookup(policy, resolve),
  };
  const plain = new http.Agent(keep);
  const secure = new https.Agent(keep);

  const exchange = (
    target: Target,
    headers: Record<string, string>,
    body: string,
    breaker: Breaker,
  ): Promise<PostResult & { stale: boolean }> =>
    new Promise(settle => {
      const began = performance.now();
      let answer = '';
      let over = false;
      const end = (result: Omit<PostResult, 'answer' | 'durationMs'>, stale = false): void => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        breaker.underWay.delete(abort);
        // A database takes neither NUL nor half a character.
        answer = answer.toWellFormed().replaceAll('\0', '\ufffd');
        settle({ ...result, answer, durationMs: Math.round(performance.now() - began), stale });
      };
      const request = (target.secure ? https : http).request({
        ...target.options,
        agent: target.secure ? secure : plain,
        // A flat list goes out as it is; an object would be set and checked field by field.
        headers: [
          ...target.headers,
          ...Object.entries(headers).flat(),
          'content-length',
          String(Buffer.byteLength(body)),
        ],
      });
      const abort = (): void => {
        end({ failure: 'aborted' });
        request.destroy();
      };
      const timer = setTimeout(() => {
        end({ failure: 'timed-out' });
        request.destroy();
      }, timeout);
      breaker.underWay.add(abort);
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A receiver that restarted leaves us connections that are dead already: nobody has read the request.
        const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        end({ failure: failureOf(error.code) }, stale);
      });
      request.on('response', response => {
        const status = response.statusCode!;
        const retryAfter = response.headers['retry-after'];
        const parts: Buffer[] = [];
        let size = 0;
        const done = (): void => {
          if (size > 0) answer = Buffer.concat(parts).toString('utf8').slice(0, keepAtMost);
          end({ status, ...(retryAfter === undefined ? {} : { retryAfter }) });
        };
        response.on('data', (part: Buffer) => {
          if (size < keepAtMost) parts.push(part);
          size += part.length;
          if (size <= readAtMost) return;
          // Its status is known; nobody needs the rest.
          done();
          request.destroy();
        });
        response.on('end', () => (response.complete ? done() : end({ status, failure: 'broken-answer' })));
        response.on('error', () => end({ status, failure: 'broken-answer' }));
        response.on('close', () => end({ status, failure: 'broken-answer' }));
      });
      request.end(body);
    });

  return {
    target(text) {
      const url = new URL(text);
      const host = hostOf(url);
      return {
        secure: url.protocol === 'https:',
        options: { method: 'POST', host, port: url.port, path: url.pathname + url.search },
        headers: ['host', url.host],
        refused: isIP(host) !== 0 && !policy.allows(host, host),
      };
    },
    async post(target, headers, body, breaker) {
      if (target.refused) return { failure: 'address-not-allowed', answer: '', durationMs: 0 };
      if (breaker.broken) return { failure: 'aborted', answer: '', durationMs: 0 };
      try {
        const first = await exchange(target, headers, body, breaker);
        return first.stale && !breaker.broken ? await exchange(target, headers, body, breaker) : first;
      } catch {
        // node would not even begin the request: to the subscription a failure like any other.
        return { failure: 'unreachable', answer: '', durationMs: 0 };
      }
    },
    stop() {
      plain.destroy();
      secure.destroy();
    },
  };
};
