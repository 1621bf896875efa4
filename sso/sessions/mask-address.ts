import { isIP } from 'node:net';
import { plainAddress } from '#sso/zones/plain-address.ts';

/** An address as its owner recognises it, and a bystander learns little: `10.20.3.x`, `2001:db8:1:x`. Pure. */
export const maskAddress = (address: string): string => {
  const plain = plainAddress(address);
  if (isIP(plain) === 4) return plain.replace(/\d+$/, 'x');
  if (isIP(plain) === 6) return `${plain.split(':').slice(0, 3).join(':')}:x`;
  return 'x';
};
