import type { PartContext } from '#hub/platform/part.ts';
import { checkUpload, type UploadProblem } from '#hub/signing/agent/check-upload.ts';
import { isOfAccount } from '#hub/signing/agent/whose-certificate.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { judgeFile } from '#hub/signing/verify/judge-file.ts';
import type { SignatureReport } from '#schemas/verification.ts';
import { checkSigningCertificate } from '#signature/certificates/check-signing-certificate.ts';
import type { Certificate } from '#signature/certificates/read-certificate.ts';
import { type Cms, readCms } from '#signature/cms/read-cms.ts';
import { SignatureFault } from '#signature/fault.ts';

/** A signature with its proofs and the picture of a seal. */
export const mostAdded = 4 * 1024 * 1024;

/** A signature that an agent made, as far as the rest of the way needs it. */
interface BroughtSignature {
  signer: Certificate;
  others: Buffer[];
  /** Its own time-stamp, when that proves a time. */
  timeStamp: Buffer | null;
}

/** Reasons that leave only open whether the certificate was revoked, or since when the signature exists. */
const bearable = /^(?:ocsp|crl|time-stamp|revocation)-/;

const problemOf = (signature: SignatureReport, signer: Certificate): UploadProblem | undefined => {
  const { kind, verdict, revocation, trusted, coversWholeFile, reasons } = signature;
  const codes = reasons.map(({ code }) => code);
  if (kind !== 'signature') return 'upload-without-signature';
  if (!coversWholeFile) return 'upload-not-whole';
  if (revocation === 'revoked') return 'upload-certificate-revoked';
  if (verdict === 'invalid') return 'upload-signature-broken';
  try {
    checkSigningCertificate(signer.der);
  } catch (error) {
    if (error instanceof SignatureFault)
      return error.code === 'certificate-expired'
        ? 'upload-certificate-expired'
        : 'upload-certificate-not-for-signing';
    throw error;
  }
  if (!trusted) return 'upload-certificate-untrusted';
  return codes.every(code => bearable.test(code)) ? undefined : 'upload-signature-unproven';
};

const readSignature = (value: Buffer): Cms | undefined => {
  try {
    return readCms(value);
  } catch {
    return undefined;
  }
};

/**
 * Judges what an agent brought: the prepared file and one signature more, over all of it, by the certificate that the account names, with
 * earlier signatures as good as they were. Whether a certificate was revoked may stay open, as with every other way to sign.
 */
export const judgeUpload = async (
  context: Pick<PartContext, 'db'> & { workers: FileWorkers },
  { prepared, upload, userId }: { prepared: Buffer; upload: Buffer; userId: string },
): Promise<BroughtSignature | { problem: UploadProblem }> => {
  const problem = checkUpload(prepared, upload);
  if (problem !== undefined) return { problem };
  if (upload.length - prepared.length > mostAdded) return { problem: 'upload-too-large' };
  const added = await context.workers.run('added', { file: upload, end: prepared.length });
  if (added.changes === 'suspicious') return { problem: 'upload-changes-document' };
  const [one, ...more] = added.signatures;
  const cms = one && readSignature(Buffer.from(one.value));
  if (one === undefined || cms?.signer === undefined) return { problem: 'upload-without-signature' };
  if (more.length > 0) return { problem: 'upload-two-signatures' };
  // Before anybody is asked about it: a stranger's certificate may name any address.
  if (!isOfAccount(cms.signer, userId)) return { problem: 'upload-by-other-certificate' };
  const { signatures } = await judgeFile(context, upload);
  const earlier = signatures.filter(({ field }) => field !== one.field);
  if (earlier.some(({ verdict, changes }) => verdict === 'invalid' || changes === 'suspicious'))
    return { problem: 'upload-breaks-earlier' };
  const report = signatures.find(({ field }) => field === one.field);
  const wrong = report ? problemOf(report, cms.signer) : 'upload-without-signature';
  if (wrong !== undefined) return { problem: wrong };
  const timeStamp = report?.provenAt === undefined ? null : (cms.timeStamp ?? null);
  return { signer: cms.signer, others: cms.certificates, timeStamp };
};
