import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { drawPage, webPage } from '#sandbox/kit/web-page.ts';

const title = 'Ý kiến chỉ đạo và văn bản ban hành';

/**
 * The page that people see. It knows nobody by itself: it takes the word of the proxy before it, and only with the hub's
 * signature under it, so that who reaches it past the proxy is nobody.
 */
export const createPage = ({ hubOrigin }: { hubOrigin: string }) => {
  const keys = createRemoteJWKSet(new URL(`${hubOrigin}/sso/jwks`));
  return async (request: AppRequest): Promise<AppAnswer> => {
    const proven = await jwtVerify(String(request.headers['x-auth-jwt']), keys, {
      issuer: `${hubOrigin}/sso`,
      audience: 'directives',
      algorithms: ['ES256'],
      typ: 'forward-auth+jwt',
    }).catch(() => undefined);
    if (proven === undefined || proven.payload.sub !== request.headers['x-auth-staff-id'])
      return webPage(title, ['Chỉ mở được qua đăng nhập một lần. / Only by single sign-on.'], {
        status: 401,
      });
    // What is signed, not what stands beside it.
    const { name, preferred_username: username, unit_code: unit } = proven.payload;
    return drawPage(title, {
      name: String(name ?? ''),
      username: String(username ?? ''),
      ...(unit === undefined ? {} : { unit: String(unit) }),
    });
  };
};
