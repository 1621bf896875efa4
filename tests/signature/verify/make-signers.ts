import { createHash, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCms } from '#signature/cms/build-cms.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';
import { addProofs } from '#signature/pdf/add-proofs.ts';
import { completeSignature } from '#signature/pdf/complete-signature.ts';
import type { PreparedSignature } from '#signature/pdf/placeholder.ts';
import { prepareDocumentTimeStamp } from '#signature/pdf/prepare-document-time-stamp.ts';
import { prepareSignature, type SignatureOptions } from '#signature/pdf/prepare-signature.ts';
import { requestTimeStamp } from '#signature/time-stamp/request-time-stamp.ts';
import type { Trust } from '#signature/verify/trust.ts';
import { type Made, makeCertificates } from '#tests/support/make-certificates.ts';

const stamping = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping'];
const tsaLines = ['[tsa]', 'default_tsa=here', '[here]', 'serial=ts.serial', 'default_policy=1.2.3.4.1'];
const tsaSettings = ['signer_digest=sha256', 'digests=sha256', 'ess_cert_id_alg=sha256'];

/** A province's authority with a leader, a clerk's seal and a time-stamp authority, and what they do to files. */
export const makeSigners = () => {
  const made = makeCertificates();
  const root = made.root('Gốc tỉnh');
  const issuing = root.issueAuthority('Cấp phát tỉnh');
  const leader = issuing.issue({ name: 'Nguyễn Văn An' });
  const seal = issuing.issue({ name: 'Ủy ban nhân dân tỉnh' });
  const stamper = issuing.issue({ name: 'Dấu thời gian tỉnh', extensions: stamping });

  const post = async (request: Buffer): Promise<Buffer> => {
    writeFileSync(join(made.folder, 'ts.req'), request);
    writeFileSync(join(made.folder, 'ts.serial'), '01\n');
    writeFileSync(join(made.folder, 'ts.cnf'), [...tsaLines, ...tsaSettings].join('\n'));
    const signer = ['-signer', stamper.certificateFile, '-inkey', stamper.keyFile];
    const files = ['-config', 'ts.cnf', '-queryfile', 'ts.req', '-out', 'ts.resp'];
    made.openssl('ts', '-reply', ...files, ...signer, '-chain', issuing.certificateFile);
    return readFileSync(join(made.folder, 'ts.resp'));
  };
  const stampOf = async (imprint: Uint8Array): Promise<Buffer> =>
    (await requestTimeStamp({ imprint, post })).token;

  /** The CMS over a hash; `timed`: with a time-stamp over it. */
  const cmsOf = async (digest: Uint8Array, signer: Made, timed = false): Promise<Buffer> => {
    const { certificate } = signer;
    const attributes = signedAttributes({ digest, certificate });
    const signature = sign('sha256', attributes, readFileSync(signer.keyFile));
    const chain = [issuing.certificate];
    const token = timed ? await stampOf(createHash('sha256').update(signature).digest()) : undefined;
    return buildCms({ attributes, signature, certificate, chain, ...(token ? { timeStamp: token } : {}) });
  };
  const complete = (pdf: Uint8Array, prepared: PreparedSignature, value: Uint8Array): Buffer =>
    Buffer.concat([pdf, completeSignature(prepared, value)]);

  const crls = (): Buffer[] => [root.crl(), issuing.crl()];
  return {
    made,
    root,
    issuing,
    leader,
    seal,
    stamper,
    cmsOf,
    complete,
    crls,
    /** What a caller who has just fetched the lists knows. */
    trust: (): Trust => ({ roots: [root.certificate], crls: crls() }),
    sign: async (
      pdf: Uint8Array,
      signer: Made,
      { timed = false, ...options }: Partial<SignatureOptions> & { timed?: boolean } = {},
    ): Promise<Buffer> => {
      const prepared = await prepareSignature(pdf, { signedAt: new Date(), ...options });
      return complete(pdf, prepared, await cmsOf(prepared.digest, signer, timed));
    },
    prove: async (pdf: Uint8Array): Promise<Buffer> => {
      const certificates = [issuing.certificate, stamper.certificate];
      return Buffer.concat([pdf, await addProofs(pdf, { certificates, ocsps: [], crls: crls() })]);
    },
    stamp: async (pdf: Uint8Array): Promise<Buffer> => {
      const prepared = await prepareDocumentTimeStamp(pdf);
      return complete(pdf, prepared, await stampOf(prepared.digest));
    },
  };
};
