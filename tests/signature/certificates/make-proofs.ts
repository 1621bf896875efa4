import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Made, makeCertificates, TestAuthority } from '#tests/support/make-certificates.ts';

/** An OCSP answer by `openssl ocsp`: who signs it, and what its database says of the certificate. */
export const makeOcsp = (
  made: ReturnType<typeof makeCertificates>,
  asked: {
    issuer: TestAuthority;
    certificate: Made;
    responder: Made;
    /** The database; another one than the issuer's is a forger's. */
    index?: string;
    /** More of openssl's options, as `-ndays`. */
    options?: string[];
  },
): Buffer => {
  const { issuer, certificate, responder, index = issuer.index, options = ['-ndays', '1'] } = asked;
  const [request, response] = ['ocsp.req', 'ocsp.resp'].map(name => join(made.folder, name)) as [
    string,
    string,
  ];
  const about = ['-issuer', issuer.certificateFile, '-cert', certificate.certificateFile];
  made.openssl('ocsp', '-sha256', ...about, '-no_nonce', '-reqout', request);
  const signer = ['-rsigner', responder.certificateFile, '-rkey', responder.keyFile];
  const base = ['-index', index, '-CA', issuer.certificateFile];
  made.openssl('ocsp', ...base, ...signer, '-reqin', request, '-respout', response, ...options);
  return readFileSync(response);
};

/** A database in which every certificate of the authority is good, whatever the authority says. */
export const forgeIndex = (made: ReturnType<typeof makeCertificates>, { index }: TestAuthority): string => {
  const file = join(made.folder, 'forged.txt');
  writeFileSync(file, readFileSync(index, 'utf8').replace(/^R\t(\S+)\t\S+\t/gm, 'V\t$1\t\t'));
  writeFileSync(`${file}.attr`, 'unique_subject = no\n');
  return file;
};
