/** How to reach NATS, in the words of the `nats` and `@nats-io/transport-node` clients. */
export interface NatsAddress {
  servers: string[];
  user?: string;
  pass?: string;
  token?: string;
  tls?: Record<string, never>;
}

/**
 * Takes apart a NATS_URL, since the clients read no credentials from it: `nats://user:password@host:port`,
 * `nats://token@host:port`, or several with commas, of which the first that has credentials gives them;
 * `tls://` asks for TLS.
 */
export const readNatsUrl = (text: string): NatsAddress => {
  const urls = text.split(',').map(part => new URL(part.trim()));
  const { username = '', password = '' } = urls.find(url => url.username !== '') ?? {};
  const name = decodeURIComponent(username);
  const secret = decodeURIComponent(password);
  return {
    servers: urls.map(url => url.host),
    ...(name && secret ? { user: name, pass: secret } : {}),
    ...(name && !secret ? { token: name } : {}),
    ...(urls.some(url => url.protocol === 'tls:') ? { tls: {} } : {}),
  };
};
