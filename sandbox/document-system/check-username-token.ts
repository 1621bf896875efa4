import { createHash, timingSafeEqual } from 'node:crypto';
import { child, textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import { ServiceFault } from '#sandbox/kit/soap-service.ts';

/** A token older (or newer) than this is refused. */
const maxAgeMs = 5 * 60_000;

const refuse = (code: string, text: string): never => {
  throw new ServiceFault(`wsse:${code}`, text);
};

/**
 * Checks a WS-Security UsernameToken with a password digest, base64(sha1(nonce + created + password)), and
 * remembers nonces for as long as their tokens would hold, so that a request heard on the way cannot be sent
 * again (OASIS WSS UsernameToken Profile 1.0 §3.1).
 */
export const createTokenCheck = (
  credentials: { username: string; password: string },
  now: () => number = Date.now,
): ((header: XmlNode | undefined) => void) => {
  /** Nonce → when it may be forgotten; in the order of arrival. */
  const seen = new Map<string, number>();
  const forget = (): void => {
    for (const [nonce, until] of seen) {
      if (until > now()) break;
      seen.delete(nonce);
    }
  };
  return header => {
    const token = child(child(header, 'Security'), 'UsernameToken');
    if (token === undefined) return refuse('InvalidSecurity', 'Thiếu UsernameToken');
    const nonce = textOf(token, 'Nonce') ?? '';
    const created = textOf(token, 'Created') ?? '';
    const type = child(token, 'Password')?.['@Type'];
    if (typeof type !== 'string' || !type.endsWith('#PasswordDigest') || nonce === '')
      return refuse('UnsupportedSecurityToken', 'Chỉ nhận PasswordDigest có Nonce');
    const expected = createHash('sha1')
      .update(Buffer.from(nonce, 'base64'))
      .update(created)
      .update(credentials.password)
      .digest();
    const given = Buffer.from(textOf(token, 'Password') ?? '', 'base64');
    const sound = given.length === expected.length && timingSafeEqual(given, expected);
    if (!sound || textOf(token, 'Username') !== credentials.username)
      return refuse('FailedAuthentication', 'Sai tên đăng nhập hoặc mật khẩu');
    const age = now() - Date.parse(created);
    if (!(Math.abs(age) <= maxAgeMs)) return refuse('MessageExpired', 'Thông điệp quá hạn');
    forget();
    if (seen.has(nonce)) return refuse('FailedAuthentication', 'Nonce đã dùng');
    // A token may be ahead of our clock by the age allowed, so its nonce is kept twice as long.
    seen.set(nonce, now() + 2 * maxAgeMs);
  };
};
