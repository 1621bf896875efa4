import type { FileWorkers } from '#hub/signing/file-workers.ts';
import type { SigningSettings } from '#hub/signing/settings-store.ts';
import { takeTimeStamp } from '#hub/signing/take-time-stamp.ts';
import type { Proofs } from '#signature/pdf/add-proofs.ts';
import { completeSignature } from '#signature/pdf/complete-signature.ts';

/**
 * The increments that carry proofs of a signed PDF (B-LT), and over all of it a time-stamp when it is asked for (B-LTA).
 *
 * @throws SignatureFault `time-stamp-unavailable`, `time-stamp-refused`
 */
export const proveFile = async (
  { workers, settings }: { workers: FileWorkers; settings: SigningSettings },
  file: Buffer,
  { proofs, stampFile }: { proofs: Proofs; stampFile: boolean },
): Promise<Buffer[]> => {
  const { increment } = await workers.run('prove', { file, proofs });
  const added = increment.length === 0 ? [] : [Buffer.from(increment)];
  if (!stampFile) return added;
  const { digest, ...prepared } = await workers.run('room', { file: Buffer.concat([file, ...added]) });
  const token = await takeTimeStamp(settings, { imprint: digest });
  return [...added, completeSignature({ ...prepared, increment: Buffer.from(prepared.increment) }, token)];
};
