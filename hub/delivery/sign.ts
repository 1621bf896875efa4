import { createHmac, createSecretKey, sign as signBytes } from 'node:crypto';
import { privateKeyOf, type SigningKey } from './signing-keys.ts';

/** What a request carries (Standard Webhooks 1.0). */
export interface SignedHeaders {
  'webhook-id': string;
  /** Seconds since 1970. */
  'webhook-timestamp': string;
  /** One signature for each valid key, with a space between. */
  'webhook-signature': string;
}

/** Signs `id.timestamp.body`. `now` in milliseconds. */
export type Signer = (id: string, body: Buffer, now: number) => SignedHeaders;

/** A signer with the keys made ready: keys of thousands of requests are parsed once. */
export const createSigner = (keys: SigningKey[]): Signer => {
  const ready = keys.map(key => {
    const expiresAt = key.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(key.expiresAt);
    if (key.kind === 'v1') {
      const secret = createSecretKey(Buffer.from(key.secret, 'base64'));
      const make = (head: string, body: Buffer) =>
        `v1,${createHmac('sha256', secret).update(head).update(body).digest('base64')}`;
      return { expiresAt, make };
    }
    const secret = privateKeyOf(key);
    return {
      expiresAt,
      make: (head: string, body: Buffer) =>
        `v1a,${signBytes(null, Buffer.concat([Buffer.from(head), body]), secret).toString('base64')}`,
    };
  });
  return (id, body, now) => {
    const timestamp = String(Math.floor(now / 1000));
    const head = `${id}.${timestamp}.`;
    const valid = ready.filter(({ expiresAt }) => expiresAt > now);
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': valid.map(({ make }) => make(head, body)).join(' '),
    };
  };
};
