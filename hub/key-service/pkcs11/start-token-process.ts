import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { TokenOptions } from '#hub/key-service/pkcs11/token.ts';
import type { TokenOrder } from '#hub/key-service/pkcs11/token-process.ts';

/** Why an order came to nothing: what the module said (`CKR_…`), or `process`, `timeout` of the process around it. */
export class TokenFailure extends Error {
  readonly reason: string;
  /** The process has ended with it; the next order wants a new one. */
  readonly ended: boolean;
  constructor(reason: string, message: string, ended: boolean) {
    super(message);
    this.reason = reason;
    this.ended = ended;
  }
}

/** What the module says when the token or our session is gone. */
const lost = new Set([
  'CKR_GENERAL_ERROR',
  'CKR_FUNCTION_FAILED',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
]);

/** An answer later than this is none: a library that hangs is ended. */
const orderMs = 30_000;

type Told = { id: number; answer?: unknown; error?: { message: string; reason?: string } };

/** The process that holds the token, from its start to its end. It is never begun again: whoever needs another starts one. */
export interface TokenProcess {
  readonly pid: number | undefined;
  readonly ended: boolean;
  /** @throws TokenFailure */
  ask(order: TokenOrder): Promise<unknown>;
  stop(): Promise<void>;
}

/** `env` is the whole environment of the process; the token's PIN goes over a pipe, where no list of processes shows it. */
export const startTokenProcess = (options: TokenOptions, env: Record<string, string>): TokenProcess => {
  const child = fork(join(import.meta.dirname, 'token-process.ts'), [], {
    // Calls into the module run on libuv's threads: one for each session.
    env: { ...env, UV_THREADPOOL_SIZE: String(options.sessions) },
    execArgv: [],
    serialization: 'advanced',
  });
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let last = 0;
  let ended = false;
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const end = (reason: string, message: string): void => {
    if (ended) return;
    ended = true;
    child.kill('SIGKILL');
    for (const { reject } of waiting.values()) reject(new TokenFailure(reason, message, true));
    waiting.clear();
  };
  // A process that is dying tells so more than once: each order that it did not get is an error of its own.
  child.on('error', error => end('process', error.message));
  child.once('exit', (code, signal) => end('process', `the token's process ended (${signal ?? code})`));
  child.on('message', message => {
    const { id, answer, error } = message as Told;
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) return one?.resolve(answer);
    const { reason = 'token', message: text } = error;
    one?.reject(new TokenFailure(reason, text, lost.has(reason)));
    if (lost.has(reason)) end(reason, text);
  });
  const ask = (order: TokenOrder): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(new TokenFailure('process', "the token's process has ended", true));
      const id = ++last;
      const timer = setTimeout(() => end('timeout', 'the token does not answer'), orderMs);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          then(value);
        };
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      child.send({ id, order });
    });
  // Orders come after it on the same pipe, and fail by themselves when it failed.
  const opened = ask({ op: 'open', options });
  opened.catch((error: TokenFailure) => end(error.reason, error.message));
  return {
    pid: child.pid,
    get ended() {
      return ended;
    },
    async ask(order) {
      await opened;
      return ask(order);
    },
    async stop() {
      end('process', 'the hub stops');
      await exited;
    },
  };
};
