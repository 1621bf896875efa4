import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import type { Reply, Route } from '#hub/platform/http/route.ts';
import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { answerPage, seeOther } from '#hub/signing-desk/answer-page.ts';
import { isDay } from '#hub/signing-desk/is-day.ts';
import { readLimits } from '#hub/signing-desk/read-limits.ts';
import { showDelegations } from '#hub/signing-desk/show-delegations.ts';
import type { Pages, Visit } from '#hub/signing-desk/visit.ts';
import { signingLevels } from '#schemas/signing.ts';

const path = '/signing/delegations';
const params = Type.Object({ id: Type.String({ format: 'uuid' }) });
const mostFound = 20;

/** `/signing/delegations`: who decides in a person's place for a while, and for whom they decide. */
export const delegationRoutes = ({ call }: Pick<PartContext, 'call'>, pages: Pages): Route[] => {
  const find = async (q: string, staffId: string) => {
    if (q.length < 2) return [];
    const { items } = await call('staff.search', { q, status: 'active', limit: mostFound });
    return items
      .filter(({ id }) => id !== staffId)
      .map(({ id, name, username, title = '', unitName = '' }) => ({
        ...{ id, name, username },
        post: [title, unitName].filter(part => part !== '').join(' · '),
      }));
  };
  const listApps = () => call('apps.list', {});
  const show = async (
    { person, request, csrf }: Visit,
    told: { problem?: string; q?: string } = {},
  ): Promise<Reply> => {
    const { language, query } = request;
    const q = (told.q ?? query.q ?? '').trim().slice(0, 100);
    const [delegations, people, apps] = await Promise.all([
      call('signing.delegations', { staffId: person.staffId }),
      find(q, person.staffId),
      listApps(),
    ]);
    return answerPage(
      'delegations',
      language,
      {
        ...(await showDelegations(call, { delegations, apps, staffId: person.staffId, language })),
        q,
        people,
        apps: apps.filter(({ enabled }) => enabled),
        levels: signingLevels,
        today: today(),
        problem: told.problem && say(language, `signing-desk.delegations.${told.problem}`),
        csrf,
      },
      told.problem === undefined ? 200 : 422,
    );
  };
  return [
    pages.show({ path, summary: 'Who signs in my place, and for whom I do' }, visit => show(visit)),
    pages.take({ path, from: path, summary: 'Lets somebody sign in my place' }, async sending => {
      const { person, form } = sending;
      const [toStaffId, from, until] = ['to', 'from', 'until'].map(name => form.value(name));
      const q = form.value('q') ?? '';
      if (toStaffId === undefined) return show(sending, { problem: 'nobody', q });
      if (!isDay(from) || !isDay(until) || until < from || until < today())
        return show(sending, { problem: 'bad-period', q });
      const limits = readLimits(
        form,
        (await listApps()).map(({ id }) => id),
      );
      if (limits === undefined) return show(sending, { problem: 'bad-limit', q });
      const { status } = await call('staff.get', { id: toStaffId });
      if (status !== 'active') throw new AppError('not-active');
      const { staffId } = person;
      await call('signing.delegate', { staffId, toStaffId, from, until, limits, actor: `staff/${staffId}` });
      return seeOther(path);
    }),
    pages.take(
      { path: `${path}/{id}/end`, params, from: path, summary: 'Ends that' },
      async ({ person: { staffId }, request }) => {
        await call('signing.end-delegation', { staffId, id: request.params.id!, actor: `staff/${staffId}` });
        return seeOther(path);
      },
    ),
  ];
};
