import { BlockList, isIP } from 'node:net';
import type { Zone } from '#schemas/sign-on.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import { plainAddress } from '#sso/zones/plain-address.ts';

/** Networks as `10.0.0.0/8` or single addresses. @throws {TypeError} for what is neither */
const toBlockList = (networks: string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address, prefix] = network.split('/') as [string, string?];
    const version = isIP(address);
    if (version === 0) throw new TypeError(`not a network: ${network}`);
    const family = version === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix), family);
  }
  return list;
};

const isIn = (list: BlockList, address: string): boolean => {
  const plain = plainAddress(address);
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
};

/**
 * Where a request comes from. The listener decides first (`internetDoor`), then the proxy that brought it (to us, or to a
 * trusted proxy), then the client's address as a trusted proxy tells it. What no list names comes from the Internet.
 */
export const createZoneOf = (settings: Pick<SignOnSettings, 'wanNetworks' | 'internetProxies'>) => {
  const wan = toBlockList(settings.wanNetworks);
  const proxies = toBlockList(settings.internetProxies);
  return (from: { internetDoor: boolean; peer: string; address: string }): Zone => {
    if (from.internetDoor || isIn(proxies, from.peer) || isIn(proxies, from.address)) return 'internet';
    return isIn(wan, from.address) ? 'wan' : 'internet';
  };
};
