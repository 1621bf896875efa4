import { imprintOfStep } from '#hub/signing/complete-step.ts';
import type { RoundContext } from '#hub/signing/rounds/sign-authorised.ts';
import { keepTimeStamps, postponeSteps, type SignedRow } from '#hub/signing/work-store.ts';
import { SignatureFault } from '#signature/fault.ts';
import { requestTimeStamp } from '#signature/time-stamp/request-time-stamp.ts';

/** One request to a time-stamp authority: DER in, DER out. */
export type PostTimeStamp = (request: Buffer) => Promise<Buffer>;

const retryMs = (attempts: number): number => Math.min(120_000, 500 * 2 ** Math.min(attempts, 8));

/**
 * Has signatures time-stamped whose level asks for it. Without an answer they wait and are tried again: a signature
 * is not lost because an authority is down, and never goes on without its time-stamp.
 */
export const stampSigned = async (
  { db, log }: RoundContext,
  rows: SignedRow[],
  post: PostTimeStamp | undefined,
  trust: { roots: Buffer[]; intermediates: Buffer[] },
): Promise<void> => {
  const stamps: { id: string; token: Buffer }[] = [];
  await Promise.all(
    rows.map(async row => {
      const { id, attempts } = row;
      try {
        if (post === undefined)
          throw new SignatureFault('time-stamp-unavailable', 'no time-stamp authority is set up');
        const { token } = await requestTimeStamp({
          imprint: imprintOfStep(row),
          post,
          ...(trust.roots.length === 0 ? {} : { trust }),
        });
        stamps.push({ id, token });
      } catch (error) {
        const code = error instanceof SignatureFault ? error.code : 'time-stamp-unavailable';
        log.warn({ step: id, code }, 'a signature waits for its time-stamp');
        await postponeSteps(db, [row], retryMs(attempts), { code });
      }
    }),
  );
  if (stamps.length > 0) await keepTimeStamps(db, stamps);
};
