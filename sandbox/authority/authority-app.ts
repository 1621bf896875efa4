import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { answerOcsp, ocspFailure } from './answer-ocsp.ts';
import { answerTimeStamp, refuseTimeStamp } from './answer-time-stamp.ts';
import { buildCrl, type RevocationReason, revocationReasons } from './build-crl.ts';
import { forgeIdentity } from './forge-identity.ts';
import type { Identity } from './issue-certificate.ts';
import type { Authority } from './open-authority.ts';
import { type Purpose, purposes } from './purposes.ts';
import { BadRequest } from './read-request.ts';

const monthMs = 30 * 86_400_000;

/**
 * Beside those of every sandbox app. `wrong-nonce`, `other-imprint`: answers to another question. `stale`: from a month
 * ago. `refused`: "try later", "system failure". `forged`: nothing is revoked, says a key that nobody certified.
 */
const ownFaults = ['wrong-nonce', 'other-imprint', 'stale', 'refused', 'forged'] as const;

const der = (type: string, body: Buffer): AppAnswer => ({
  headers: { 'content-type': `application/${type}` },
  body,
});

/** The authority over HTTP: certificates, lists, OCSP, time-stamps, requests, revocations. */
export const createAuthorityApp = (open: () => Authority): SandboxApp => {
  const forgeries = new Map<Identity, Promise<Identity>>();
  const forge = (identity: Identity): Promise<Identity> => {
    if (!forgeries.has(identity)) forgeries.set(identity, forgeIdentity(identity));
    return forgeries.get(identity)!;
  };

  const issue = ({ bytes, query }: AppRequest): AppAnswer => {
    const { issue, issuing } = open();
    const purpose = query.get('purpose') ?? 'person';
    const day = (name: string) => (query.has(name) ? new Date(query.get(name)!) : undefined);
    if (!purposes.includes(purpose as Purpose)) return { status: 400, json: { error: purposes.join(' | ') } };
    try {
      const certificate = issue({
        request: bytes,
        purpose: purpose as Purpose,
        notBefore: day('notBefore'),
        notAfter: day('notAfter'),
      });
      const chain = [issuing.der.toString('base64')];
      return { status: 201, json: { certificate: certificate.toString('base64'), chain } };
    } catch (error) {
      if (error instanceof BadRequest) return { status: 400, json: { error: error.message } };
      throw error;
    }
  };
  const revoke = ({ body }: AppRequest): AppAnswer => {
    const { serial, reason = 'unspecified' } = JSON.parse(body) as {
      serial: string;
      reason?: RevocationReason;
    };
    if (!(reason in revocationReasons))
      return { status: 400, json: { error: Object.keys(revocationReasons).join(' | ') } };
    open().revoke(serial, reason);
    return { json: { serial, reason } };
  };

  const answerPost = async (request: AppRequest, at: Date): Promise<AppAnswer | undefined> => {
    const { path, bytes, fault } = request;
    const { responder, issuing, stamper, isIssued, revokedByIssuing } = open();
    const isForged = fault === 'forged';
    const wrongNonce = fault === 'wrong-nonce';
    if (path === '/ocsp')
      return der(
        'ocsp-response',
        fault === 'refused'
          ? ocspFailure(3)
          : answerOcsp(bytes, {
              responder: isForged ? await forge(responder) : responder,
              statuses: {
                issuer: issuing.certificate,
                issued: isIssued,
                revoked: isForged ? new Map() : revokedByIssuing(),
              },
              ...{ at, wrongNonce },
            }),
      );
    if (path === '/tsa') {
      const signer = isForged ? await forge(stamper) : stamper;
      const faults = { wrongNonce, otherImprint: fault === 'other-imprint' };
      return der(
        'timestamp-reply',
        fault === 'refused' ? refuseTimeStamp('systemFailure') : answerTimeStamp(bytes, signer, at, faults),
      );
    }
    if (fault === 'refused') return { status: 403, json: { error: 'refused' } };
    if (path === '/requests') return issue(request);
    if (path === '/revocations') return revoke(request);
    return undefined;
  };
  const answerGet = async ({ path, fault }: AppRequest, at: Date): Promise<AppAnswer | undefined> => {
    const { root, issuing, revokedByRoot, revokedByIssuing } = open();
    const isForged = fault === 'forged';
    const list = async (issuer: Identity, revoked: ReturnType<typeof revokedByRoot>) =>
      der('pkix-crl', buildCrl(isForged ? await forge(issuer) : issuer, isForged ? new Map() : revoked, at));
    if (path === '/ca/root.cer') return der('pkix-cert', root.der);
    if (path === '/ca/issuing.cer') return der('pkix-cert', issuing.der);
    if (path === '/crl/root.crl') return list(root, revokedByRoot());
    if (path === '/crl/issuing.crl') return list(issuing, revokedByIssuing());
    return undefined;
  };

  return {
    id: 'authority',
    ownFaults,
    accounts: () => [],
    state: name => (name === 'certificates' ? open().list() : undefined),
    async handle(request) {
      const at = new Date(Date.now() - (request.fault === 'stale' ? monthMs : 0));
      const { method, path } = request;
      // OCSP by GET has the request in its path (RFC 6960 §A.1).
      const asked = method === 'GET' && path.startsWith('/ocsp/') ? path.slice('/ocsp/'.length) : undefined;
      const answer =
        asked !== undefined
          ? await answerPost(
              { ...request, path: '/ocsp', bytes: Buffer.from(decodeURIComponent(asked), 'base64') },
              at,
            )
          : method === 'POST'
            ? await answerPost(request, at)
            : await answerGet(request, at);
      return answer ?? { status: 404, body: '404' };
    },
  };
};
