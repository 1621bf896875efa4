import type { CreatePart } from '#hub/platform/part.ts';
import { discoveryRoutes } from '#hub/scim/discovery/discovery.routes.ts';
import { createViews } from '#hub/scim/read/open-view.ts';
import { scimRoutes } from '#hub/scim/scim.routes.ts';

/** SCIM 2.0 over the register (RFC 7643, RFC 7644, RFC 9865): each client sees what its app is entitled to. */
const createScim: CreatePart = ({ db, call, config }) => ({
  name: 'scim',
  actions: {},
  routes: [...discoveryRoutes(config.origin), ...scimRoutes({ db, call }, createViews(call, config.origin))],
});

export default createScim;
