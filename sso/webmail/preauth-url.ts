import { createHmac } from 'node:crypto';

/**
 * Zimbra's pre-authentication: an address that opens the mailbox of `account` for five minutes from `timestamp`
 * (milliseconds). HMAC-SHA1 over `account|by|expires|timestamp`; the key is the text of the hex digits that
 * `zmprov generateDomainPreAuthKey` prints, not what they stand for. Pure.
 */
export const preauthUrl = (
  url: string,
  { account, timestamp, key }: { account: string; timestamp: number; key: string },
): string => {
  const [by, expires] = ['name', '0'];
  const preauth = createHmac('sha1', key).update(`${account}|${by}|${expires}|${timestamp}`).digest('hex');
  const address = new URL(url);
  for (const [name, value] of Object.entries({ account, by, timestamp: String(timestamp), expires, preauth }))
    address.searchParams.set(name, value);
  return address.href;
};
