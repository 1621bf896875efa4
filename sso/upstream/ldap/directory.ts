import net from 'node:net';
import tls from 'node:tls';
import { Client, type Entry, ResultCodeError } from 'ldapts';
import type { LdapUpstream } from '#schemas/upstream.ts';
import { faultOf } from '#sso/upstream/source-guard.ts';

const answerMs = 3000;

/** The step of reaching a directory that failed. */
export class DirectoryFault extends Error {
  readonly step: 'connect' | 'bind' | 'search';
  constructor(step: DirectoryFault['step'], cause: unknown) {
    super(`${step}: ${faultOf(cause)}`);
    this.name = 'DirectoryFault';
    this.step = step;
  }
}

/** Runs one step; a fault is told with its name, and what the directory answered by its code alone. */
export const step = async <T>(name: DirectoryFault['step'], work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw new DirectoryFault(name, error);
  }
};

/** The library connects anew when a connection is lost: without TLS, and as nobody. Here it may not. */
const once = <Connect extends (...given: never[]) => unknown>(connect: Connect): Connect => {
  let used = false;
  return ((...given: Parameters<Connect>) => {
    if (used) throw new Error('connection lost');
    used = true;
    return connect(...given);
  }) as Connect;
};

/**
 * A connection as the service account, over TLS where configured, for the time of `work`; a signal that aborts ends it.
 * Referrals are never followed: passwords go to no other server.
 *
 * @throws {DirectoryFault}
 */
export const withDirectory = async <T>(
  settings: LdapUpstream,
  work: (client: Client) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  const tlsOptions = {
    servername: new URL(settings.url).hostname,
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
  };
  const client = new Client({
    url: settings.url,
    timeout: answerMs,
    connectTimeout: answerMs,
    strictDN: false,
    createConnection: once(net.connect),
    createSecureConnection: once(tls.connect),
    ...(settings.url.startsWith('ldaps:') ? { tlsOptions } : {}),
  });
  const close = (): void => void client.unbind().catch(() => {});
  signal?.addEventListener('abort', close, { once: true });
  try {
    if (settings.startTls) await step('connect', () => client.startTLS(tlsOptions));
    await bindService(client, settings);
    return await work(client);
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
};

/** A refusal by the directory is the account's; everything else is the way there. */
const bindService = async (client: Client, { bindDn, bindPassword }: LdapUpstream): Promise<void> => {
  try {
    await client.bind(bindDn, bindPassword);
  } catch (error) {
    throw new DirectoryFault(error instanceof ResultCodeError ? 'bind' : 'connect', error);
  }
};

/** The first value of an attribute, whatever the case of its name; bytes as base64. */
export const attributeOf = (entry: Entry, attribute: string): string | undefined => {
  const name = Object.keys(entry).find(one => one.toLowerCase() === attribute.toLowerCase());
  const value = name === undefined ? undefined : [entry[name]].flat()[0];
  if (value === undefined || value.length === 0) return undefined;
  return Buffer.isBuffer(value) ? value.toString('base64') : value;
};
