import { SignatureFault } from '#signature/fault.ts';
import type { PreparedSignature } from '#signature/pdf/placeholder.ts';

/**
 * Puts the CMS, or the time-stamp token, into the place that was kept for it. No other byte changes.
 * @returns the increment, filled
 * @throws SignatureFault signature-too-large
 */
export const completeSignature = (
  { increment, contentsAt, contentsBytes }: Omit<PreparedSignature, 'digest'>,
  value: Uint8Array,
): Buffer => {
  if (value.length > contentsBytes) {
    throw new SignatureFault(
      'signature-too-large',
      `The signature has ${value.length} bytes, its place has ${contentsBytes}`,
      String(value.length),
    );
  }
  const filled = Buffer.from(increment);
  filled.write(Buffer.from(value).toString('hex'), contentsAt, 'latin1');
  return filled;
};
