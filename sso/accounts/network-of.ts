import { isIP } from 'node:net';
import { plainAddress } from '#sso/zones/plain-address.ts';

/** The first four of the eight groups of an IPv6 address, each as four hexadecimal digits. */
const firstGroups = (address: string): string[] => {
  const [head = '', tail] = address.split('::') as [string, string?];
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array<string>(zeros).fill('0'), ...rest]
    .slice(0, 4)
    .map(group => group.toLowerCase().padStart(4, '0'));
};

/**
 * The network that an address is counted with: /24 of IPv4, /56 of IPv6, which is what one household or office is
 * given (RFC 6177). What is no address is a network of its own.
 */
export const networkOf = (address: string): string => {
  const plain = plainAddress(address);
  const version = isIP(plain);
  if (version === 4) return plain.slice(0, plain.lastIndexOf('.'));
  return version === 6 ? firstGroups(plain).join('').slice(0, 14) : address;
};
