import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import type { Staff } from '#schemas/staff.ts';
import { whyNot } from '#sso/accounts/clerk-scope.ts';
import { makeActivation } from '#sso/accounts/make-activation.ts';
import type { OwnPasswordDeps } from '#sso/accounts/own-password-routes.ts';
import { readRoles } from '#sso/accounts/roles-store.ts';
import { showPeople } from '#sso/accounts/show-people.ts';
import { tellTime } from '#sso/accounts/tell-time.ts';
import { unlockAccount } from '#sso/accounts/unlock-account.ts';
import { type Visitor, visitorOf } from '#sso/accounts/visitor.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { readForm } from '#sso/read-form.ts';
import { factsOf } from '#sso/request-facts.ts';

const onePage = 30;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The page on which a unit's clerk hands out first passwords and takes locks away, for people of that unit and below. */
export const clerkRoutes = (deps: OwnPasswordDeps): Router => {
  const { context, csrf } = deps;
  const { call, db } = context;
  const router = new Router({ sensitive: true, strict: true });

  const clerkOf = async (ctx: Context): Promise<Visitor | undefined> => {
    const visitor = await visitorOf(ctx, deps);
    if (visitor === undefined || visitor.roles.includes('clerk')) return visitor;
    // Whoever is no clerk is told what somebody is told who mistypes the address.
    throw new AppError('not-found');
  };

  const show = async (
    ctx: Context,
    { staff: clerk, uid }: Visitor,
    told: { problem?: string; done?: string; status?: number } = {},
  ): Promise<void> => {
    const { language } = factsOf(ctx.req);
    const q = textOf(ctx.query.q).slice(0, 100);
    const cursor = textOf(ctx.query.cursor);
    const page =
      clerk.unitId === undefined
        ? { items: [] }
        : await call('staff.search', {
            unitId: clerk.unitId,
            subtree: true,
            status: 'active',
            limit: onePage,
            ...(q === '' ? {} : { q }),
            ...(cursor === '' ? {} : { cursor }),
          });
    const next = 'next' in page ? page.next : undefined;
    answerPage(
      ctx,
      'clerk',
      {
        title: say(language, 'accounts.clerk.title'),
        unit: clerk.unitName ?? '',
        q,
        people: await showPeople(deps, page.items, language),
        next: next === undefined ? undefined : `/sso/my/clerk?${new URLSearchParams({ q, cursor: next })}`,
        csrf: csrf.tokenFor(uid),
        ...told,
      },
      { status: told.status ?? 200 },
    );
  };

  const handOut = async (ctx: Context, clerk: Staff, person: Staff): Promise<void> => {
    const { language, requestId } = factsOf(ctx.req);
    const made = await makeActivation(context, { staff: person, actor: `staff/${clerk.id}`, requestId });
    answerPage(ctx, 'activation-slip', {
      title: say(language, 'accounts.slip.title'),
      name: person.name,
      username: person.username,
      code: made.code,
      url: made.url,
      until: tellTime(language, made.expiresAt),
    });
  };

  router.get('/my/clerk', async ctx => {
    const visitor = await clerkOf(ctx);
    if (visitor !== undefined) await show(ctx, visitor);
  });

  router.post('/my/clerk', async ctx => {
    const visitor = await clerkOf(ctx);
    if (visitor === undefined) return;
    const form = await readForm(ctx.req);
    if (!csrf.matches(visitor.uid, form.csrf)) throw new AppError('invalid-request');
    const { language, requestId } = factsOf(ctx.req);
    const clerk = visitor.staff;
    const person = await call('staff.get', { id: form.staffId ?? '' });
    const reason = await whyNot(call, { clerk, person, roles: await readRoles(db, person.id) });
    if (reason !== undefined)
      return show(ctx, visitor, { problem: say(language, `accounts.clerk.${reason}`), status: 403 });
    if (form.action === 'activation') return handOut(ctx, clerk, person);
    if (form.action !== 'unlock') throw new AppError('invalid-request');
    await unlockAccount(deps, { staffId: person.id, actor: `staff/${clerk.id}`, requestId });
    await show(ctx, visitor, { done: say(language, 'accounts.clerk.unlocked', { name: person.name }) });
  });

  return router;
};
