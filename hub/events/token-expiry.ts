import { decodeJwt } from 'jose';

/** When an access token that the edge has proven expires (RFC 9068), as a time in ms; undefined when it does not say. */
export const tokenExpiry = (authorization: string | string[] | undefined): number | undefined => {
  try {
    const { exp } = decodeJwt(
      String(authorization)
        .replace(/^(bearer|dpop) +/i, '')
        .trim(),
    );
    return exp === undefined ? undefined : exp * 1000;
  } catch {
    return undefined;
  }
};
