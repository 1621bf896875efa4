import { type ChildProcess, fork } from 'node:child_process';
import type { JsonWebKey } from 'node:crypto';
import { join } from 'node:path';
import type { KeyAlgorithm, TokenOptions } from '#hub/key-service/pkcs11/token.ts';
import type { TokenOrder } from '#hub/key-service/pkcs11/token-process.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Log } from '#hub/platform/log.ts';

/** The token, in a process of its own. Each call fails with `signing-service-unavailable` when that process or the token is lost. */
export interface TokenClient {
  generate(key: string, algorithm: KeyAlgorithm): Promise<JsonWebKey>;
  /** Undefined: there is no such key. */
  sign(key: string, hashes: Buffer[]): Promise<Buffer[] | undefined>;
  destroy(key: string): Promise<void>;
  /** Of the process that is running now, for whoever wants to see it die. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

/** An answer later than this is none: the process is ended and begun anew. */
const orderMs = 30_000;

/** What the module says when the token or our session is gone: the next call begins with a new process. */
const lost = new Set([
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_GENERAL_ERROR',
]);

const away = (code: string): AppError =>
  new AppError('signing-service-unavailable', { route: 'embedded', code });

/** `env` is the whole environment of the process (SOFTHSM2_CONF). The process begins with the first call. */
export const createTokenClient = (
  options: TokenOptions,
  { env, log }: { env: Record<string, string>; log: Log },
): TokenClient => {
  let running:
    | { child: ChildProcess; opened: Promise<unknown>; ask(order: TokenOrder): Promise<unknown> }
    | undefined;

  const begin = (): NonNullable<typeof running> => {
    const child = fork(join(import.meta.dirname, 'token-process.ts'), [], { env, serialization: 'advanced' });
    const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
    let last = 0;
    const end = (code: string): void => {
      if (running?.child === child) running = undefined;
      child.kill('SIGKILL');
      for (const { reject } of waiting.values()) reject(away(code));
      waiting.clear();
    };
    child.once('error', () => end('process'));
    child.once('exit', () => end('process'));
    child.on('message', message => {
      const { id, answer, error } = message as {
        id: number;
        answer?: unknown;
        error?: { message: string; rv?: string };
      };
      const one = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) return one?.resolve(answer);
      log.error({ cause: error.message }, 'the token refused');
      one?.reject(away(error.rv ?? 'token'));
      if (lost.has(error.rv ?? '')) end(error.rv!);
    });
    const ask = (order: TokenOrder): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const id = ++last;
        const timer = setTimeout(() => end('timeout'), orderMs);
        const settle =
          <T>(then: (value: T) => void) =>
          (value: T): void => {
            clearTimeout(timer);
            then(value);
          };
        waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
        child.send({ id, order });
      });
    const opened = ask({ op: 'open', options });
    opened.catch(() => end('open'));
    return { child, opened, ask };
  };

  const ask = async (order: TokenOrder): Promise<unknown> => {
    running ??= begin();
    const { opened, ask: askIt } = running;
    await opened;
    return askIt(order);
  };
  return {
    generate: (key, algorithm) => ask({ op: 'generate', key, algorithm }) as Promise<JsonWebKey>,
    async sign(key, hashes) {
      const signatures = (await ask({ op: 'sign', key, hashes })) as Uint8Array[] | undefined;
      return signatures?.map(signature => Buffer.from(signature));
    },
    async destroy(key) {
      await ask({ op: 'destroy', key });
    },
    pid: () => running?.child.pid,
    async stop() {
      const { child } = running ?? {};
      if (child === undefined || child.exitCode !== null) return;
      running = undefined;
      await new Promise(resolve => {
        child.once('exit', resolve);
        child.kill('SIGKILL');
      });
    },
  };
};
