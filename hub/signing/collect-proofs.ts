import { fetchProof } from '#hub/signing/fetch-proof.ts';
import type { SigningSettings } from '#hub/signing/settings-store.ts';
import { buildPath } from '#signature/certificates/build-path.ts';
import { collectRevocation } from '#signature/certificates/collect-revocation.ts';
import { SignatureFault } from '#signature/fault.ts';
import type { Proofs } from '#signature/pdf/add-proofs.ts';
import { readTimeStamp } from '#signature/time-stamp/read-time-stamp.ts';

/** Who signed, and what stamped it. */
interface Signatory {
  certificate: Buffer;
  chain: Buffer[];
  timeStamps: Buffer[];
}

/**
 * Everything that shows that certificates were good: of signers, of time-stamps, and of those who issued them.
 *
 * @throws SignatureFault `revocation-unavailable`
 */
export const collectProofs = async (
  signatories: Signatory[],
  { roots, intermediates }: Pick<SigningSettings, 'roots' | 'intermediates'>,
): Promise<Proofs> => {
  const proofs = { certificates: [] as Buffer[], ocsps: [] as Buffer[], crls: [] as Buffer[] };
  const take = async (certificate: Buffer, others: Buffer[]): Promise<void> => {
    const { path } = buildPath({ certificate, others: [...others, ...intermediates], roots, at: new Date() });
    const found = await collectRevocation({ path, fetch: fetchProof });
    const missing = found.judged.find(({ status }) => status !== 'good');
    if (missing !== undefined)
      throw new SignatureFault('revocation-unavailable', missing.status, missing.certificate.subject);
    proofs.certificates.push(...path.map(({ der }) => der), ...found.certificates);
    proofs.ocsps.push(...found.ocsps);
    proofs.crls.push(...found.crls);
  };
  for (const { certificate, chain, timeStamps } of signatories) {
    await take(certificate, chain);
    for (const token of timeStamps) {
      const { cms } = readTimeStamp(token);
      await take(cms.signer!.der, cms.certificates);
    }
  }
  return proofs;
};
