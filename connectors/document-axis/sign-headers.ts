import { createHash, createHmac } from 'node:crypto';

const prefix = 'XroadVnpt-';

/** `ddMMyyyy'T'HHmmss+SSSS` of Java, the clock in Vietnam: what stands behind the plus are milliseconds. */
export const axisTime = (now: Date): string => {
  const [day, time] = new Date(now.getTime() + 7 * 3_600_000).toISOString().split('T') as [string, string];
  const [year, month, date] = day.split('-');
  return `${date}${month}${year}T${time.slice(0, 8).replaceAll(':', '')}+0${time.slice(9, 12)}`;
};

/** SHA-256 as the reference SDK prints it: bytes below 16 without their leading zero. */
export const axisFileHash = (text: string): string =>
  [...createHash('sha256').update(text).digest()].map(byte => byte.toString(16)).join('');

/**
 * The headers of one call, signed: HMAC-SHA-256 with the secret over the JSON of the headers in their order, which travels
 * along. `parameters` in the axis's own names.
 */
export const signHeaders = (
  parameters: Record<string, string>,
  { systemId, secret, now }: { systemId: string; secret: string; now: Date },
): Record<string, string> => {
  const given = { systemid: systemId, timestamp: axisTime(now), servicetype: 'eDoc', ...parameters };
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [prefix + name, value]));
  const signed = JSON.stringify(headers);
  return {
    ...headers,
    [`${prefix}sign-header-key`]: Object.keys(given).join(';'),
    [`${prefix}sign-header`]: signed,
    [`${prefix}hash-header`]: createHmac('sha256', secret).update(signed).digest('hex'),
    [`${prefix}version`]: '3.0.201608',
    'user-agent': 'JAVASDKAgent/1.0.0 XRoad/VPCP',
  };
};
