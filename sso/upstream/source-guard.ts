import {
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  type IPolicy,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { Source } from '#sso/upstream/source.ts';

/** An older system does not answer, or not as configured: nobody's fault who signs in, and no wrong password. */
export class UpstreamAway extends Error {
  /** `problem` is for the log and the IT centre; it holds no secret and no name. */
  constructor(problem: string) {
    super(problem);
    this.name = 'UpstreamAway';
  }
}

/** Asks older systems so that one that is dead holds nobody up. */
export interface SourceGuard {
  /**
   * Gives `work` three seconds. After three failures in a row the source is not asked for fifteen seconds.
   *
   * @throws {UpstreamAway} for anything that `work` throws
   */
  ask<T>(source: Source, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

const answerMs = 3000;
const failuresInARow = 3;
const restMs = 15_000;

/** What may be told of a fault of the network or of the other side: codes and names, never its words. */
export const faultOf = (error: unknown): string => {
  if (error instanceof UpstreamAway) return error.message;
  const { name, code, error: told, cause } = error as Record<'name' | 'code' | 'error' | 'cause', unknown>;
  const inner = (cause as { code?: unknown } | undefined)?.code;
  return [name, told ?? inner ?? code].filter(part => part !== undefined).join(' ');
};

export const createSourceGuard = (): SourceGuard => {
  const policies = new Map<string, { revision: string; policy: IPolicy }>();
  const policyOf = ({ id, revision }: Source): IPolicy => {
    const known = policies.get(id);
    if (known?.revision === revision) return known.policy;
    const policy = wrap(
      circuitBreaker(handleAll, {
        halfOpenAfter: restMs,
        breaker: new ConsecutiveBreaker(failuresInARow),
      }),
      timeout(answerMs, TimeoutStrategy.Aggressive),
    );
    policies.set(id, { revision, policy });
    return policy;
  };
  return {
    async ask(source, work) {
      try {
        return await policyOf(source).execute(({ signal }) => work(signal));
      } catch (error) {
        throw new UpstreamAway(faultOf(error));
      }
    },
  };
};
