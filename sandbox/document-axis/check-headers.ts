import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AppRequest } from '#sandbox/kit/app-server.ts';

const prefix = 'xroadvnpt-';

/** A parameter of the axis: a header of its own. */
export const parameterOf = (request: AppRequest, name: string): string =>
  String(request.headers[prefix + name.toLowerCase()] ?? '');

/**
 * Whether the caller knows the secret: the signature over the list of headers holds, and the headers themselves are what
 * the list says.
 */
export const isSigned = (request: AppRequest, credentials: { systemId: string; secret: string }): boolean => {
  const list = parameterOf(request, 'sign-header');
  const expected = createHmac('sha256', credentials.secret).update(list).digest();
  const given = Buffer.from(parameterOf(request, 'hash-header'), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const signed = Object.entries(JSON.parse(list) as Record<string, string>);
  const names = signed.map(([name]) => name.toLowerCase().replace(prefix, ''));
  if (names.join(';') !== parameterOf(request, 'sign-header-key').toLowerCase()) return false;
  if (!signed.every(([, value], at) => parameterOf(request, names[at]!) === value)) return false;
  return parameterOf(request, 'systemid') === credentials.systemId && names.includes('timestamp');
};

/** SHA-256 of the file in either form: proper hex, or with bytes below 16 in one digit. */
export const isHashOf = (hash: string, file: Buffer): boolean => {
  const digest = createHash('sha256').update(file).digest();
  return hash === digest.toString('hex') || hash === [...digest].map(byte => byte.toString(16)).join('');
};
