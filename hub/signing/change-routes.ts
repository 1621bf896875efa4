import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { certificateName } from '#hub/signing/agent/whose-certificate.ts';
import {
  listRoutes,
  putAccount,
  putRoute,
  type RouteRules,
  type SigningRoute,
} from '#hub/signing/route-store.ts';

type By = { actor: string; requestId?: string };

/** Adds or changes a signing service. @throws AppError `invalid-request`: a connector's without its connector */
export const changeRoute = async (
  db: Database,
  given: {
    id: string;
    name?: string;
    kind: SigningRoute['kind'];
    connector?: string;
    priority: number;
    enabled: boolean;
    rules?: RouteRules;
  },
  by: By,
): Promise<SigningRoute> => {
  const { name = null, connector = null, rules = {} } = given;
  if (given.kind === 'connector' && connector === null)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/connector', code: 'required' }] });
  const route = { ...given, name, connector, rules };
  await putRoute(db, route);
  await appendAudit(db, { ...by, action: 'signing-route.changed', object: `signing-route/${route.id}` });
  return route;
};

/**
 * Whose account a person or an organisation has at an outside service; of an agent's route, which certificate is theirs.
 *
 * @throws AppError `invalid-request`: no name of a certificate
 */
export const changeAccount = async (
  db: Database,
  {
    routeId,
    holder,
    userId,
  }: { routeId: string; holder: { staffId: string } | { unitId: string }; userId: string },
  by: By,
): Promise<void> => {
  const route = (await listRoutes(db)).find(({ id }) => id === routeId);
  if (route?.kind === 'agent' && !certificateName.test(userId))
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/userId', code: 'pattern' }] });
  await putAccount(db, routeId, holder, userId);
  await appendAudit(db, {
    ...by,
    action: 'signing-account.changed',
    object: `signing-route/${routeId}`,
    detail: holder,
  });
};
