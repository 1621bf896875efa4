import { randomBytes } from 'node:crypto';
import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { createPhone, signingFaults } from '#sandbox/kit/phone-questions.ts';
import { makeHolders, type SigningHolder } from '#sandbox/kit/signing-holders.ts';
import { createAuthorize } from './authorize.ts';
import { type CscVersion, credentialInfo } from './credential-info.ts';
import { invalid, no, numbers } from './csc-fault.ts';
import { createSignHash } from './sign-hash.ts';

export const tokenPath = '/oauth2/token';
export interface CscStart {
  version: CscVersion;
  /** `app`: the holder confirms in the service's app, and the caller asks again with a handle (v2 only). */
  holders: (SigningHolder & { pin?: string; otp?: string; asks: 'pin' | 'app' })[];
  credentials: { clientId: string; clientSecret: string };
  multisign: number;
}

/**
 * A signing service by the Cloud Signature Consortium's API, played from its text, 1.0.4 or 2:
 * `credentials/list`, `info`, `authorize`, `authorizeCheck` and `signatures/signHash`. A SAD is good for exactly its hashes
 * (SCAL 2), once, for five minutes. `POST /_confirm {"decision":"expire"}` ends every SAD as well.
 */
export const createCscSigner = async (start: CscStart): Promise<SandboxApp & { asked(): number }> => {
  const keys = await makeHolders('CSC signing service (sandbox)', start.holders);
  const phone = createPhone();
  const tokens = new Set<string>();
  const authorize = createAuthorize(start, keys, phone);
  const signHash = createSignHash(authorize.sads, keys, phone);

  const issueToken = ({ headers, body }: AppRequest): AppAnswer => {
    const { clientId, clientSecret } = start.credentials;
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const isSound = new URLSearchParams(body).get('grant_type') === 'client_credentials';
    if (headers.authorization !== expected || !isSound) return no(401, 'invalid_client');
    const token = randomBytes(24).toString('base64url');
    tokens.add(token);
    return { json: { access_token: token, token_type: 'Bearer', expires_in: 3600 } };
  };
  const list = (body: Record<string, unknown>): AppAnswer => {
    if (typeof body.userID !== 'string') return invalid();
    // One a page, so that whoever calls must follow the pages.
    const ids = keys.filter(key => key.userId === body.userID).map(key => key.id);
    const at = Number(body.pageToken ?? 0);
    const next = at + 1 < ids.length ? { nextPageToken: String(at + 1) } : {};
    return { json: { credentialIDs: ids.slice(at, at + 1), ...next } };
  };
  const info = (body: Record<string, unknown>): AppAnswer => {
    const key = keys.find(one => one.id === body.credentialID);
    const holder = start.holders.find(one => one.userId === key?.userId);
    if (key === undefined || holder === undefined) return invalid();
    return { json: credentialInfo(key, holder, start, phone.fault() === 'revoked') };
  };

  return {
    id: 'csc-signer',
    accounts: () => start.holders.map(({ userId, name }) => ({ userId, name })),
    state: name => (name === 'questions' ? phone.all() : undefined),
    ownFaults: signingFaults,
    setFault: phone.setFault,
    asked: authorize.asked,
    confirm(decision) {
      if (decision.decision === 'expire') authorize.sads.clear();
      return phone.decide(decision);
    },
    async handle(request) {
      if (request.path === tokenPath) return issueToken(request);
      const name = request.path.replace(`/csc/v${start.version}/`, '');
      const body = parseBody(request.body);
      if (request.method !== 'POST' || name === request.path || body === undefined)
        return { status: 404, body: '404 page not found' };
      if (!tokens.has(String(request.headers.authorization).replace('Bearer ', '')))
        return no(401, 'invalid_token');
      const { hashes } = numbers(start.version);
      switch (name) {
        case 'credentials/list':
          return list(body);
        case 'credentials/info':
          return info(body);
        case 'credentials/authorize':
          return authorize.authorize(body, body[hashes] as string[]);
        case 'credentials/authorizeCheck':
          return authorize.check(String(body.handle));
        case 'signatures/signHash':
          return signHash(body, body[hashes] as string[]);
        default:
          return { status: 404, body: '404 page not found' };
      }
    },
  };
};
