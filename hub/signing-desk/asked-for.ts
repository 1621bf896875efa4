import type { WaitingStep } from '#schemas/signing.ts';

/**
 * A second factor counts for an approval this long: a minute less than the key service takes it for. Typing the PIN and preparing three
 * hundred files fit into that minute, so that what passes here is not too old a moment later.
 */
const freshMs = 9 * 60_000;

/** What has to be given for an approval, of all the documents in it together. */
export interface AskedFor {
  pin: boolean;
  /** A code that the signing service sends. */
  otp: boolean;
  /** The second factor is too old: it is proven again at the sign-on, before the PIN. */
  proof: boolean;
  /** Somebody confirms in the service's own app. */
  app: boolean;
  /** It is signed with a USB token, on the computer that has it. */
  token: boolean;
}

/** Pure. */
export const askedFor = (
  steps: Pick<WaitingStep, 'asks'>[],
  factorAt: string | undefined,
  now = Date.now(),
): AskedFor => {
  const asks = new Set(steps.flatMap(step => step.asks));
  const isFresh = factorAt !== undefined && now - Date.parse(factorAt) <= freshMs;
  return {
    pin: asks.has('pin'),
    otp: asks.has('otp'),
    proof: asks.has('factor') && !isFresh,
    app: asks.has('app'),
    token: asks.has('token'),
  };
};
