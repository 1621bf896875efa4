import { randomBytes } from 'node:crypto';
import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';

export interface ScimCredentials {
  clientId: string;
  clientSecret: string;
  /** A token that was issued by hand and does not end. */
  token: string;
}

const lifeSeconds = 300;

/** The provider's token endpoint (RFC 6749 §4.4); plain Basic with the client's name and secret is let in too. */
export const createTokens = ({ clientId, clientSecret, token: lasting }: ScimCredentials) => {
  const ends = new Map<string, number>();
  const basic = (name: string, secret: string): string =>
    `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
  const formEncoded = basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret));
  return {
    issue({ headers, body }: AppRequest): AppAnswer {
      if (headers.authorization !== formEncoded) return { status: 401, json: { error: 'invalid_client' } };
      if (new URLSearchParams(body).get('grant_type') !== 'client_credentials')
        return { status: 400, json: { error: 'unsupported_grant_type' } };
      const token = randomBytes(24).toString('base64url');
      ends.set(token, Date.now() + lifeSeconds * 1000);
      return { json: { access_token: token, token_type: 'Bearer', expires_in: lifeSeconds } };
    },
    accepts({ headers }: AppRequest): boolean {
      const given = headers.authorization ?? '';
      if (given === basic(clientId, clientSecret) || given === `Bearer ${lasting}`) return true;
      return (ends.get(given.replace(/^Bearer /, '')) ?? 0) > Date.now();
    },
  };
};
