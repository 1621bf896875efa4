import { isIP } from 'node:net';
import { Agent, type Client, type Dispatcher, Pool } from 'undici';
import type { EgressPolicy } from './egress-policy.ts';
import { hostOf } from './egress-policy.ts';
import type { PostResult } from './judge-answer.ts';
import { KeptClient, type KeptRequest } from './kept-client.ts';
import { createPinnedLookup, notAllowed, type Resolve } from './pin-address.ts';

/** A subscriber's address, taken apart once. */
export interface Target {
  origin: string;
  path: string;
  /** An address in the URL itself that may not be sent to. */
  refused: boolean;
}

/**
 * What breaks off all requests of one subscription at once. An `AbortSignal` costs a tenth of a request for each
 * listener that comes and goes. A `Set` costs a seventh: it makes its table anew each few changes, and the old ones keep
 * all they held until the collector has gone through the whole heap.
 */
export interface Breaker {
  broken: boolean;
  underWay: (() => void)[];
}
export const createBreaker = (): Breaker => ({ broken: false, underWay: [] });
export const breakOff = (breaker: Breaker): void => {
  breaker.broken = true;
  // A copy: each leaves the list as it ends.
  for (const abort of [...breaker.underWay]) abort();
};

/** Posts to subscribers over connections that are kept. Never rejects. */
export interface Poster {
  target(url: string): Target;
  post(target: Target, headers: Record<string, string>, body: Buffer, breaker: Breaker): Promise<PostResult>;
  stop(): void;
}

const timeoutMs = 15_000;
const readAtMost = 64 * 1024;
const keepAtMost = 1000;

const isCutOff = (code: string | undefined): boolean =>
  code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';

const failureOf = (code: string | undefined): string => {
  if (code === notAllowed) return 'address-not-allowed';
  const broken = isCutOff(code) || code?.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW';
  return broken ? 'broken-answer' : 'unreachable';
};

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** The beginning of an answer. A database takes neither NUL nor half a character. */
const textOf = (parts: Buffer[]): string =>
  parts.length === 0
    ? ''
    : Buffer.concat(parts).toString('utf8').slice(0, keepAtMost).toWellFormed().replaceAll('\0', '\ufffd');

/** `timeout` is for the whole exchange, in milliseconds. */
export const createPoster = (
  policy: EgressPolicy,
  resolve: Resolve,
  { timeout = timeoutMs }: { timeout?: number } = {},
): Poster => {
  // The lookup belongs to the agent: a kept connection leads to the address that was judged when it was made.
  const agent = new Agent({
    connect: { lookup: createPinnedLookup(policy, resolve), timeout },
    headersTimeout: 0,
    bodyTimeout: 0,
    factory: (origin, options) =>
      new Pool(origin, {
        ...options,
        factory: (url, settings) => new KeptClient(url, settings as Client.Options),
      }),
  });

  const exchange = (
    target: Target,
    headers: Record<string, string>,
    body: Buffer,
    breaker: Breaker,
    began: number,
  ): Promise<{ result: PostResult; stale: boolean }> =>
    new Promise(settle => {
      const parts: Buffer[] = [];
      let size = 0;
      let status: number | undefined;
      let retryAfter: string | undefined;
      let controller: Dispatcher.DispatchController | undefined;
      let client: KeptClient;
      let isStale = (): boolean => false;
      let over = false;
      const end = (result: Pick<PostResult, 'status' | 'failure'>, stale = false): void => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        breaker.underWay.splice(breaker.underWay.indexOf(abort), 1);
        const shown = { answer: textOf(parts), durationMs: Math.round(performance.now() - began) };
        settle({
          result: { ...result, ...(retryAfter === undefined ? {} : { retryAfter }), ...shown },
          stale,
        });
      };
      /** Ends it here and now; a request that has no connection yet is ended when it gets one. */
      const leave = (result: Pick<PostResult, 'status' | 'failure'>): void => {
        end(result);
        controller?.abort(new Error('not wanted any more'));
      };
      const abort = (): void => leave({ failure: 'aborted' });
      const left = began + timeout - performance.now();
      const timer = setTimeout(leave, left, { failure: 'timed-out' });
      breaker.underWay.push(abort);
      const request: KeptRequest = {
        ...target,
        method: 'POST',
        headers,
        body,
        takenBy: taker => {
          client = taker;
        },
      };
      agent.dispatch(request, {
        onRequestStart(started) {
          controller = started;
          isStale = client.begin();
          if (over) started.abort(new Error('not wanted any more'));
        },
        onResponseStart(_, code, answered) {
          // 1xx is a word on the way (but 100, which nobody asked for, is an error to undici).
          if (code < 200) return;
          status = code;
          retryAfter = one(answered['retry-after']);
        },
        onResponseData(_, part) {
          if (size < keepAtMost) parts.push(part);
          size += part.length;
          // Its status is known; nobody needs the rest.
          if (size > readAtMost) leave({ status: status! });
        },
        onResponseEnd() {
          client.noteServed();
          end({ status: status! });
        },
        onResponseError(_, error: NodeJS.ErrnoException) {
          if (status !== undefined) return end({ status, failure: 'broken-answer' });
          end({ failure: failureOf(error.code) }, isCutOff(error.code) && isStale());
        },
      });
    });

  return {
    target(text) {
      const url = new URL(text);
      const host = hostOf(url);
      return {
        origin: url.origin,
        path: url.pathname + url.search,
        refused: isIP(host) !== 0 && !policy.allows(host, host),
      };
    },
    async post(target, headers, body, breaker) {
      if (target.refused) return { failure: 'address-not-allowed', answer: '', durationMs: 0 };
      if (breaker.broken) return { failure: 'aborted', answer: '', durationMs: 0 };
      try {
        const began = performance.now();
        for (;;) {
          // A receiver that restarted leaves connections that are dead already, perhaps several.
          const { result, stale } = await exchange(target, headers, body, breaker, began);
          if (!stale || breaker.broken) return result;
        }
      } catch {
        // The request could not even begin: to the subscription a failure like any other.
        return { failure: 'unreachable', answer: '', durationMs: 0 };
      }
    },
    stop() {
      void agent.destroy();
    },
  };
};
