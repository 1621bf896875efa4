import { BlockList, isIP } from 'node:net';
import { AppError } from '#hub/platform/errors.ts';

/** Where webhooks may be sent: an address that a name resolved to, or that stands in the URL itself. */
export interface EgressPolicy {
  allows(address: string, host: string): boolean;
}

/** Never, whatever is allowed: nothing behind these is a subscriber (IANA special-purpose registries, RFC 6890). */
const never = [
  '0.0.0.0/8',
  '169.254.0.0/16', // link-local, with the metadata service of clouds
  '192.0.0.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4', // reserved, with broadcast
  '::/128',
  '64:ff9b::/96', // IPv4 in disguise, as the three below
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  'fd00:ec2::254/128', // metadata service
];
const groups: Record<string, string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
};

const toList = (networks: string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const version = isIP(address);
    const bits = version === 6 ? 128 : 32;
    if (version === 0 || !/^\d{1,3}$/.test(prefix ?? String(bits)) || Number(prefix ?? bits) > bits)
      throw new AppError('bad-configuration', { name: 'LIENTHONG_EGRESS' });
    list.addSubnet(address, Number(prefix ?? bits), version === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};

const has = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The host of a URL as the policy and sockets take it: an IPv6 address without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** The one way of writing an address (RFC 5952); whatever cannot be written so is no address. */
const normalise = (address: string): string => {
  if (isIP(address) !== 6) return address;
  return URL.canParse(`http://[${address}]`) ? hostOf(new URL(`http://[${address}]`)) : '';
};

/** IPv4 in IPv6, mapped or compatible: such an address belongs to nobody who means well. */
const isDisguised = (address: string): boolean =>
  /^::(ffff:)?[0-9a-f]+(:[0-9a-f]+)?$/.test(address) && address !== '::1';

const isHostName = (text: string): boolean => /^(?=.*[a-z])[a-z0-9.-]+$/i.test(text) && !(text in groups);

/**
 * The policy of a list of networks (`10.1.0.0/16`), addresses, host names and the words `loopback` and `private`.
 * Public addresses are always allowed; inner ones only as the list says; some never. A host name in the list allows
 * the inner addresses that it resolves to. Pure.
 *
 * @throws {AppError} `bad-configuration` when an entry cannot be read
 */
export const readEgressPolicy = (allowed: string[]): EgressPolicy => {
  const hosts = new Set(allowed.filter(isHostName).map(name => name.toLowerCase()));
  const networks = allowed.filter(entry => !isHostName(entry));
  const open = toList(networks.flatMap(entry => groups[entry] ?? [entry]));
  const inner = toList(Object.values(groups).flat());
  const closed = toList(never);
  return {
    allows(given, host) {
      const address = normalise(given);
      if (isIP(address) === 0 || isDisguised(address) || has(closed, address)) return false;
      return !has(inner, address) || has(open, address) || hosts.has(host.toLowerCase());
    },
  };
};

/** What is wrong with a subscriber's address, as far as it can be told without asking the DNS. Pure. */
export const faultOfUrl = (text: string, policy: EgressPolicy): string | undefined => {
  if (!URL.canParse(text)) return 'bad-url';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'scheme-not-allowed';
  if (url.username !== '' || url.password !== '') return 'credentials-in-url';
  const host = hostOf(url);
  return isIP(host) !== 0 && !policy.allows(host, host) ? 'address-not-allowed' : undefined;
};
