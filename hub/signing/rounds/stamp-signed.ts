import { imprintOfStep } from '#hub/signing/complete-step.ts';
import { retryMs } from '#hub/signing/rounds/retry-ms.ts';
import type { RoundContext } from '#hub/signing/rounds/sign-authorised.ts';
import type { SigningSettings } from '#hub/signing/settings-store.ts';
import { takeTimeStamp } from '#hub/signing/take-time-stamp.ts';
import { keepTimeStamps, postponeSteps, type SignedRow } from '#hub/signing/work-store.ts';
import { SignatureFault } from '#signature/fault.ts';

const retry = { firstMs: 500, longestMs: 120_000 };

/**
 * Has signatures time-stamped whose level asks for it. Without an answer they wait and are tried again: a signature
 * is not lost because an authority is down, and never goes on without its time-stamp.
 */
export const stampSigned = async (
  { db, log }: RoundContext,
  rows: SignedRow[],
  settings: SigningSettings,
): Promise<void> => {
  const stamps: { id: string; token: Buffer }[] = [];
  await Promise.all(
    rows.map(async row => {
      const { id, attempts } = row;
      try {
        stamps.push({ id, token: await takeTimeStamp(settings, { imprint: imprintOfStep(row) }) });
      } catch (error) {
        const code = error instanceof SignatureFault ? error.code : 'time-stamp-unavailable';
        log.warn({ step: id, code }, 'a signature waits for its time-stamp');
        await postponeSteps(db, [row], retryMs(attempts, retry), { code });
      }
    }),
  );
  if (stamps.length > 0) await keepTimeStamps(db, stamps);
};
