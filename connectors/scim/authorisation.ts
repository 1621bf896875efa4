import { createTokenSource } from '#connectors/kit/client-credentials.ts';
import type { ScimSettings } from './settings.ts';

/** Runs `work` with the value of an `Authorization` header. */
export type Authorise = <T>(signal: AbortSignal, work: (authorization: string) => Promise<T>) => Promise<T>;

/** The three ways of RFC 7644 §2; the settings hold what each needs (`config.schema.json` sees to it). */
export const createAuthorisation = (settings: ScimSettings, maxBytes: number): Authorise => {
  if (settings.auth === 'oauth') {
    const tokens = createTokenSource({
      tokenUrl: settings.tokenUrl as string,
      clientId: settings.clientId as string,
      clientSecret: settings.clientSecret as string,
      ...(settings.scope === undefined ? {} : { scope: settings.scope }),
      maxBytes,
    });
    return (signal, work) => tokens.withToken(signal, token => work(`Bearer ${token}`));
  }
  const authorization =
    settings.auth === 'basic'
      ? `Basic ${Buffer.from(`${settings.user}:${settings.password}`).toString('base64')}`
      : `Bearer ${settings.token}`;
  return (_signal, work) => work(authorization);
};
