import type { WaitingStep } from '#schemas/signing.ts';
import type { Detour } from '#schemas/signing-trouble.ts';

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
  /** Services that sign instead of the usual ones, to which the person has yet to agree; each once. */
  agreements: Detour[];
  /** Nothing can be signed before a certificate for the meantime is there; what there is to tell of it. */
  blocked: Detour | undefined;
}

/** Pure. */
export const isFresh = (factorAt: string | undefined, now = Date.now()): boolean =>
  factorAt !== undefined && now - Date.parse(factorAt) <= freshMs;

/** How an agreement stands in a form: ids of services have no blanks. Pure. */
const nameAgreement = ({ instead, to }: Pick<Detour, 'instead' | 'to'>): string => `${instead.id} ${to.id}`;

/** Pure. */
export const askedFor = (
  steps: Pick<WaitingStep, 'asks' | 'detour'>[],
  factorAt: string | undefined,
  now = Date.now(),
): AskedFor => {
  const asks = new Set(steps.flatMap(step => step.asks));
  const detours = steps.flatMap(({ detour }) => detour ?? []);
  const open = detours.filter(({ agreed, temporary }) => !agreed && temporary === undefined);
  return {
    pin: asks.has('pin'),
    otp: asks.has('otp'),
    proof: asks.has('factor') && !isFresh(factorAt, now),
    app: asks.has('app'),
    token: asks.has('token'),
    agreements: [...new Map(open.map(one => [nameAgreement(one), one])).values()],
    blocked: steps.every(({ detour }) => detour?.temporary !== undefined) ? detours[0] : undefined,
  };
};
