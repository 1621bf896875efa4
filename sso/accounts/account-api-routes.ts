import { Type } from 'typebox';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { makeActivation } from '#sso/accounts/make-activation.ts';
import { unlockAccount } from '#sso/accounts/unlock-account.ts';

const common = {
  method: 'POST',
  scope: 'admin',
  tag: 'sso',
  params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
} as const;

/** `/api/v1/staff/{id}/…` for the IT centre: first passwords and locks of anybody. */
export const accountApiRoutes = (deps: Pick<AccountDeps, 'context' | 'failures'>): Route[] => {
  const { context } = deps;
  return [
    {
      ...common,
      path: '/api/v1/staff/{id}/activation',
      summary: 'Makes a code by which a person chooses a password',
      description:
        'The code and the address are told here once, and are good once, until `expiresAt`. An earlier code is good no more; an earlier password is, until the code is used. 409 `not-active` for who has left or is suspended.',
      answer: Type.Object({
        code: Type.String({ description: 'Eight characters with a hyphen: `ABCD-2345`' }),
        url: Type.String({ description: 'The page with name and code filled in' }),
        expiresAt: Type.String({ format: 'date-time' }),
      }),
      handle: async ({ params, caller, requestId }) => {
        const staff = await context.call('staff.get', { id: params.id! });
        const actor = actorOf(caller);
        const { code, url, expiresAt } = await makeActivation(context, { staff, actor, requestId });
        return { code, url, expiresAt: expiresAt.toISOString() };
      },
    },
    {
      ...common,
      path: '/api/v1/staff/{id}/unlock',
      summary: 'Forgets wrong guesses at an account, of passwords, codes and second factors',
      answer: Type.Object({
        networks: Type.Integer({ description: 'From so many networks it was locked' }),
      }),
      handle: async ({ params, caller, requestId }) => {
        const { id: staffId } = await context.call('staff.get', { id: params.id! });
        const actor = actorOf(caller);
        return { networks: await unlockAccount(deps, { staffId, actor, requestId, factors: true }) };
      },
    },
  ];
};
