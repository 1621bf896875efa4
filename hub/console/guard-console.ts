import { AppError } from '#hub/platform/errors.ts';
import type { RouteRequest } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** Whether a browser may see the console. */
type Sight = 'seen' | 'signed-out' | 'not-allowed';

/** The console is for people of the IT centre who are signed in. */
export const readSight = async (
  { call }: Pick<PartContext, 'call'>,
  { headers, address, cameFrom }: Pick<RouteRequest, 'headers' | 'address' | 'cameFrom'>,
): Promise<Sight> => {
  const person = await call('sso.browser-session', {
    cookie: String(headers.cookie ?? ''),
    from: { ...cameFrom, address },
  });
  if (person === undefined) return 'signed-out';
  return person.roles.includes('it-centre') ? 'seen' : 'not-allowed';
};

/** @throws {AppError} `unauthenticated`; `role-missing` */
export const demandSight = async (
  context: Pick<PartContext, 'call'>,
  request: Pick<RouteRequest, 'headers' | 'address' | 'cameFrom'>,
): Promise<void> => {
  const sight = await readSight(context, request);
  if (sight === 'signed-out') throw new AppError('unauthenticated');
  if (sight === 'not-allowed') throw new AppError('role-missing', { role: 'it-centre' });
};
