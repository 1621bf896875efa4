import type { FastifyInstance } from 'fastify';
import { AppError } from '#hub/platform/errors.ts';
import { toRouterPath } from '#hub/platform/http/mount-route.ts';
import type { Route } from '#hub/platform/http/route.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Every known address answers OPTIONS, and 405 with `Allow` to the methods that it does not take. */
export const refuseOtherMethods = (app: FastifyInstance, routes: Route[]): void => {
  const byShape = Map.groupBy(routes, ({ path }) => path.replace(/\{\w+\}/g, '{}'));
  for (const [{ path }, ...others] of byShape.values() as Iterable<[Route, ...Route[]]>) {
    const first = routes.find(route => route.path === path)!;
    const taken = new Set([first, ...others].map(({ method }) => method));
    const allow = [...taken, ...(taken.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    const url = toRouterPath(path);
    app.route({
      method: 'OPTIONS',
      url,
      config: { path },
      handler: (_request, reply) => reply.code(204).header('allow', allow).send(),
    });
    app.route({
      method: methods.filter(method => !taken.has(method)),
      url,
      config: { path },
      onRequest: async (request, reply) => {
        reply.header('allow', allow);
        throw new AppError('method-not-allowed', { method: request.method });
      },
      handler: () => {},
    });
  }
};
