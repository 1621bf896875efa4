import { OAuthError } from '#sso/oauth-error.ts';

/** A token request after parsing; nothing in it is proven yet. */
export interface TokenRequest {
  grantType: string;
  clientId: string;
  clientSecret: string;
  scope: string | undefined;
}

const mostBytes = 16 * 1024;

const readForm = async (stream: AsyncIterable<Buffer | string>): Promise<Map<string, string>> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > mostBytes) throw new OAuthError('invalid_request', 'the body is too large', 413);
    chunks.push(Buffer.from(chunk as Buffer));
  }
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(Buffer.concat(chunks).toString('utf8'))) {
    // RFC 6749 §3.2: parameters without a value count as absent, and none may be given twice.
    if (form.has(name)) throw new OAuthError('invalid_request', 'a parameter is given twice');
    if (value !== '') form.set(name, value);
  }
  return form;
};

/** Both halves are form-encoded before they are joined (RFC 6749 §2.3.1). */
const decodeHalf = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

const readBasic = (authorization: string): [clientId: string, clientSecret: string] => {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization)?.[1];
  const pair = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  try {
    if (colon > 0) return [decodeHalf(pair.slice(0, colon)), decodeHalf(pair.slice(colon + 1))];
  } catch {
    // Wrongly encoded: told below.
  }
  throw new OAuthError('invalid_request', 'the Authorization header is not valid Basic authentication');
};

/**
 * Reads a token request: form-encoded, the client named by HTTP Basic or in the body, never both.
 *
 * @throws {OAuthError} `invalid_request`, `invalid_client` when no client is named
 */
export const readTokenRequest = async (
  stream: AsyncIterable<Buffer | string>,
  authorization: string | undefined,
): Promise<TokenRequest> => {
  const form = await readForm(stream);
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw new OAuthError('invalid_request', 'grant_type is missing');
  const scope = form.get('scope');
  if (authorization !== undefined) {
    if (form.has('client_secret'))
      throw new OAuthError('invalid_request', 'the client authenticates in two ways at once');
    const [clientId, clientSecret] = readBasic(authorization);
    if ((form.get('client_id') ?? clientId) !== clientId)
      throw new OAuthError('invalid_request', 'client_id differs from the Authorization header');
    return { grantType, clientId, clientSecret, scope };
  }
  const clientId = form.get('client_id');
  const clientSecret = form.get('client_secret');
  if (clientId === undefined || clientSecret === undefined)
    throw new OAuthError('invalid_client', 'the client does not authenticate', 401, {
      'www-authenticate': 'Basic realm="lienthong"',
    });
  return { grantType, clientId, clientSecret, scope };
};
