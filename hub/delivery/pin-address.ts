import { lookup as askDns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { EgressPolicy } from './egress-policy.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}
/** All addresses of a name. Tests hand in their own. */
export type Resolve = (host: string) => Promise<ResolvedAddress[]>;

export const resolveByDns: Resolve = host =>
  new Promise((resolve, reject) =>
    askDns(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses))),
  );

/** What a connection fails with when the name leads only to where nothing may be sent. */
export const notAllowed = 'EGRESS_NOT_ALLOWED';

/**
 * A `lookup` for sockets: the name is resolved once, what the policy refuses is left out, and the socket connects to
 * the address that was judged: a second answer of the DNS (rebinding) is never asked for. Host and SNI stay the name.
 */
export const createPinnedLookup =
  (policy: EgressPolicy, resolve: Resolve): LookupFunction =>
  (host, options, callback) => {
    resolve(host).then(
      addresses => {
        const allowed = addresses.filter(({ address }) => policy.allows(address, host));
        const [first] = allowed;
        if (first === undefined)
          callback(
            Object.assign(new Error('no address of this name is allowed'), { code: notAllowed }),
            '',
            4,
          );
        else if (options.all) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 4),
    );
  };
