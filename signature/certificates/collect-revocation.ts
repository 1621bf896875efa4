import { mayIssue } from '#signature/certificates/build-path.ts';
import { judgeRevocation, type RevocationJudgement } from '#signature/certificates/judge-revocation.ts';
import { ocspRequest } from '#signature/certificates/ocsp-request.ts';
import { type Certificate, readCertificate } from '#signature/certificates/read-certificate.ts';
import { readOcsp } from '#signature/certificates/read-ocsp.ts';
import { readCertificateBag } from '#signature/cms/read-certificate-bag.ts';

/** Gets what is at an address: POST when there is a body (an OCSP request), else GET. Sets the time-out; throws when nothing comes. */
export type FetchProof = (url: string, body?: Buffer) => Promise<Buffer>;

export interface Proofs {
  ocsps: Buffer[];
  crls: Buffer[];
  /** Issuers that were fetched, and certificates of OCSP responders. */
  certificates: Buffer[];
  /** Of each certificate below the root, what the proofs say. Who needs all `good` looks here. */
  judged: (RevocationJudgement & { certificate: Certificate })[];
}

const isWeb = (url: string) => /^https?:\/\//i.test(url);
const isRoot = ({ subjectName, issuerName }: Certificate) => subjectName.equals(issuerName);

/** The first address that gives something usable; what does not answer is passed over. */
const firstOf = async <T>(
  urls: string[],
  get: (url: string) => Promise<T | undefined>,
): Promise<T | undefined> => {
  for (const url of urls.filter(isWeb)) {
    const found = await get(url).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined;
};

const fetchIssuer = (certificate: Certificate, fetch: FetchProof): Promise<Certificate | undefined> =>
  firstOf(certificate.issuerUrls, async url =>
    readCertificateBag(await fetch(url))
      .map(readCertificate)
      .find(issuer => mayIssue(issuer, certificate)),
  );

/**
 * The proofs for B-LT (ETSI EN 319 142-1 §6): for each certificate of the path below the root an OCSP answer, or where
 * none can be believed a CRL; also for an OCSP responder that is not freed from checking. A path without its issuers is
 * made longer by their addresses (caIssuers). Never throws for what cannot be had: `judged` tells. Call it after the
 * time-stamp was taken, so that the proofs are younger than the signature.
 */
export const collectRevocation = async (asked: {
  path: readonly Certificate[];
  fetch: FetchProof;
  at?: Date;
}): Promise<Proofs> => {
  const { fetch } = asked;
  const path = [...asked.path];
  const proofs: Proofs = { ocsps: [], crls: [], certificates: [], judged: [] };
  const judge = (certificate: Certificate, issuer: Certificate) => {
    const now = new Date();
    return judgeRevocation({ ...proofs, certificate, issuer, at: asked.at ?? now, now });
  };
  const takeOcsp = async (certificate: Certificate, issuer: Certificate, responders: Certificate[]) => {
    const request = ocspRequest(certificate, issuer);
    await firstOf(certificate.ocspUrls, async url => {
      const response = await fetch(url, request);
      const delegates = readOcsp(response).certificates.map(readCertificate);
      for (const delegate of delegates)
        if (!delegate.ocspNoCheck && !isRoot(delegate)) await takeCrl(delegate);
      proofs.ocsps.push(response);
      if (judge(certificate, issuer).status === 'unknown') {
        proofs.ocsps.pop();
        return undefined;
      }
      responders.push(...delegates);
      return response;
    });
  };
  const takeCrl = async (certificate: Certificate) => {
    const list = await firstOf(certificate.crlUrls, fetch);
    if (list && !proofs.crls.some(crl => crl.equals(list))) proofs.crls.push(list);
  };
  for (let position = 0; position < path.length && path.length < 8; position++) {
    const certificate = path[position]!;
    if (isRoot(certificate)) break;
    if (!path[position + 1]) {
      const found = await fetchIssuer(certificate, fetch);
      if (!found) {
        const reasons = [{ code: 'issuer-unknown', place: certificate.issuer }];
        proofs.judged.push({ certificate, status: 'unknown', reasons, proofs: [] });
        break;
      }
      path.push(found);
      proofs.certificates.push(found.der);
    }
    const issuer = path[position + 1]!;
    const responders: Certificate[] = [];
    await takeOcsp(certificate, issuer, responders);
    if (judge(certificate, issuer).status === 'unknown') await takeCrl(certificate);
    proofs.certificates.push(...responders.map(({ der }) => der));
    proofs.judged.push({ certificate, ...judge(certificate, issuer) });
  }
  return proofs;
};
