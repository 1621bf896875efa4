import { randomBytes } from 'node:crypto';
import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';

export interface PortalCredentials {
  clientId: string;
  clientSecret: string;
  /** How long a token lives; 300 by default. */
  tokenSeconds?: number;
}

const oauthError = (status: number, error: string): AppAnswer => ({ status, json: { error } });

/** Client and secret of an `Authorization: Basic` header, each form-decoded (RFC 6749 §2.3.1). */
const readBasic = (authorization: string | undefined): string[] => {
  const code = /^Basic (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
  const [client = '', ...secret] = Buffer.from(code, 'base64').toString('utf8').split(':');
  return [client, secret.join(':')].map(half => new URLSearchParams(`=${half}`).get('') ?? '');
};

/** The portal's token endpoint (RFC 6749 §4.4) and its memory of tokens, which a restart empties. */
export const createTokens = (credentials: PortalCredentials) => {
  const ends = new Map<string, number>();
  const expected = [credentials.clientId, credentials.clientSecret];
  return {
    issue(request: AppRequest): AppAnswer {
      if (readBasic(request.headers.authorization).join('\n') !== expected.join('\n'))
        return oauthError(401, 'invalid_client');
      const form = new URLSearchParams(request.body);
      if (form.get('grant_type') !== 'client_credentials') return oauthError(400, 'unsupported_grant_type');
      const scope = form.get('scope') ?? 'officers.manage';
      if (scope !== 'officers.manage') return oauthError(400, 'invalid_scope');
      const seconds = credentials.tokenSeconds ?? 300;
      for (const [token, end] of ends) if (end <= Date.now()) ends.delete(token);
      const token = randomBytes(24).toString('base64url');
      ends.set(token, Date.now() + seconds * 1000);
      return { json: { access_token: token, token_type: 'Bearer', expires_in: seconds, scope } };
    },
    accepts(authorization: string | undefined): boolean {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      return token !== undefined && (ends.get(token) ?? 0) > Date.now();
    },
  };
};
