import type { JsonWebKey } from 'node:crypto';
import {
  startTokenProcess,
  type TokenFailure,
  type TokenProcess,
} from '#hub/key-service/pkcs11/start-token-process.ts';
import type { TokenOptions } from '#hub/key-service/pkcs11/token.ts';
import type { TokenOrder } from '#hub/key-service/pkcs11/token-process.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Log } from '#hub/platform/log.ts';
import type { KeyAlgorithm } from '#schemas/signer.ts';

/** The token. Every call may fail with AppError `signing-service-unavailable`. */
export interface TokenClient {
  /** Begins now, so that the log tells what is wrong with the settings. */
  open(): Promise<void>;
  generate(key: string, algorithm: KeyAlgorithm): Promise<JsonWebKey>;
  /** SHA-256 hashes, signed in their order. Undefined: there is no such key. */
  sign(key: string, hashes: Buffer[]): Promise<Buffer[] | undefined>;
  destroy(key: string): Promise<void>;
  /** Of the process that is running now, for whoever wants to see it die. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

/** Tried again these would lock the token: only other settings help, and the hub is started with them. */
const final = new Set(['CKR_PIN_INCORRECT', 'CKR_PIN_LOCKED', 'CKR_PIN_EXPIRED', 'CKR_PIN_LEN_RANGE']);

/** How often signing is tried again with a new process, when the one that had the order has died. */
const tries = 2;

/** Keeps a process with the token running, begun with the first call and anew after it died. `env` is its whole environment. */
export const createTokenClient = (
  options: TokenOptions,
  { env, log }: { env: Record<string, string>; log: Log },
): TokenClient => {
  let running: TokenProcess | undefined;
  let stopped = false;
  let refused: TokenFailure | undefined;

  const ask = async (order: TokenOrder): Promise<unknown> => {
    if (refused !== undefined) throw refused;
    if (running === undefined || running.ended) running = startTokenProcess(options, env);
    return running.ask(order);
  };
  const told = async (order: TokenOrder, left = 0): Promise<unknown> => {
    try {
      return await ask(order);
    } catch (error) {
      const { reason, ended, message } = error as TokenFailure;
      // Many orders fail together: the first tells.
      if (final.has(reason) && refused === undefined) {
        refused = error as TokenFailure;
        log.error(
          { reason },
          'the token refuses its PIN and is not tried again: mend LIENTHONG_PKCS11_PIN and start again',
        );
      } else log.warn({ reason, message }, 'the token failed');
      if (ended && left > 0 && !stopped && !final.has(reason) && reason !== 'timeout')
        return told(order, left - 1);
      throw new AppError(
        'signing-service-unavailable',
        { route: 'embedded', code: reason },
        { cause: error },
      );
    }
  };
  return {
    async open() {
      await told({ op: 'open', options });
    },
    generate: (key, algorithm) => told({ op: 'generate', key, algorithm }) as Promise<JsonWebKey>,
    async sign(key, hashes) {
      const signatures = (await told({ op: 'sign', key, hashes }, tries)) as Uint8Array[] | undefined;
      return signatures?.map(signature => Buffer.from(signature));
    },
    async destroy(key) {
      await told({ op: 'destroy', key });
    },
    pid: () => (running?.ended ? undefined : running?.pid),
    async stop() {
      stopped = true;
      await running?.stop();
    },
  };
};
