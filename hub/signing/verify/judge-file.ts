import type { PartContext } from '#hub/platform/part.ts';
import { fetchProof } from '#hub/signing/fetch-proof.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { formatOf } from '#hub/signing/receive-request.ts';
import { readSettings } from '#hub/signing/settings-store.ts';
import type { VerificationReport } from '#schemas/verification.ts';
import { buildPath } from '#signature/certificates/build-path.ts';
import { collectRevocation } from '#signature/certificates/collect-revocation.ts';

/**
 * Judges the signatures of a PDF or XML file, or the one that stands beside a file, by the roots that the province trusts.
 * When the file itself does not prove that its certificates were good, their authorities are asked now.
 */
export const judgeFile = async (
  { db, workers }: Pick<PartContext, 'db'> & { workers: FileWorkers },
  file: Uint8Array,
  beside?: Uint8Array,
): Promise<VerificationReport> => {
  const { roots, intermediates } = await readSettings(db);
  const trust = { roots, intermediates };
  const asked = { format: formatOf(file), file, beside };
  const { report, signers } = await workers.run('verify', { ...asked, trust });
  if (!report.signatures.some(({ revocation }) => revocation === 'unknown')) return report;
  const ocsps: Buffer[] = [];
  const crls: Buffer[] = [];
  for (const { certificate, others } of signers) {
    const { path } = buildPath({ certificate, others: [...others, ...intermediates], roots, at: new Date() });
    const found = await collectRevocation({ path, fetch: fetchProof });
    ocsps.push(...found.ocsps);
    crls.push(...found.crls);
  }
  return (await workers.run('verify', { ...asked, trust: { ...trust, ocsps, crls } })).report;
};
