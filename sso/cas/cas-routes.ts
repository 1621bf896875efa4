import type Router from '@koa/router';
import type { CasDeps } from '#sso/cas/cas-deps.ts';
import { casLoginRoutes } from '#sso/cas/login-routes.ts';
import { casLogoutRoute } from '#sso/cas/logout-route.ts';
import { casProxyRoute } from '#sso/cas/proxy-route.ts';
import { casReturnScriptRoute } from '#sso/cas/return-script-route.ts';
import { casSamlRoute } from '#sso/cas/saml-route.ts';
import { casValidateRoutes } from '#sso/cas/validate-routes.ts';

/** CAS 3.0 at `/cas`, for apps that speak no OpenID. */
export const casRoutes = (deps: CasDeps): Router[] => [
  casLoginRoutes(deps),
  casValidateRoutes(deps),
  casSamlRoute(deps),
  casProxyRoute(deps),
  casLogoutRoute(deps),
  casReturnScriptRoute(),
];
