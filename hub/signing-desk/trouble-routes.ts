import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import type { Reply, Route } from '#hub/platform/http/route.ts';
import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { answerPage, seeOther } from '#hub/signing-desk/answer-page.ts';
import { isFresh } from '#hub/signing-desk/asked-for.ts';
import { showServices } from '#hub/signing-desk/show-services.ts';
import { tellProblem } from '#hub/signing-desk/tell-problem.ts';
import { type Pages, proveAgain, type Sending, type Visit } from '#hub/signing-desk/visit.ts';

const path = '/signing/trouble';
const params = Type.Object({ id: Type.String({ format: 'uuid' }) });
const toldOf = ['reported', 'agreed', 'asked', 'well', 'not-yet'];

/** `/signing/trouble`: a person's signing devices: one that is broken is reported, and what signs meanwhile is agreed to. */
export const troubleRoutes = ({ call }: Pick<PartContext, 'call'>, pages: Pages): Route[] => {
  const show = async ({ person, request, csrf }: Visit, problem?: string): Promise<Reply> => {
    const { language, query } = request;
    const services = await call('signing.services', { staffId: person.staffId });
    return answerPage(
      'trouble',
      language,
      {
        services: showServices(services, language),
        proof: !isFresh(person.factorAt),
        proveAgain: proveAgain(path),
        told: toldOf.includes(query.told ?? '')
          ? say(language, `signing-desk.trouble.told.${query.told}`)
          : undefined,
        problem,
        csrf,
      },
      problem === undefined ? 200 : 422,
    );
  };
  /** Goes on to the page with what came of it; what cannot be is told there. */
  const take = (
    described: { path: string; params?: typeof params; summary: string },
    work: (sending: Sending) => Promise<string>,
  ): Route =>
    pages.take({ ...described, from: path }, async sending => {
      const { language } = sending.request;
      try {
        return seeOther(`${path}?told=${await work(sending)}`);
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        return show(sending, tellProblem(error, language));
      }
    });
  return [
    pages.show({ path, summary: 'My signing devices, and what is wrong with them' }, visit => show(visit)),
    take(
      { path, summary: 'Reports a signing device as broken, lost or expired' },
      async ({ person, form }) => {
        const [service, unitId, note] = ['service', 'unit', 'note'].map(name =>
          form.value(name)?.slice(0, 500),
        );
        if (service === undefined) throw new AppError('invalid-request');
        await call('signing.report-broken', {
          ...{ staffId: person.staffId, service },
          ...(unitId === undefined ? {} : { unitId }),
          ...(note === undefined ? {} : { note }),
        });
        return 'reported';
      },
    ),
    take(
      { path: `${path}/{id}/agree`, params, summary: 'Agrees that another service signs meanwhile' },
      async ({ person: { staffId, factorAt }, request, form }) => {
        const to = form.value('agree')?.split(' ')[1];
        if (to === undefined) throw new AppError('invalid-request');
        const pin = form.value('pin');
        if (pin !== form.value('again')) throw new AppError('pins-differ');
        await call('signing.agree', {
          ...{ staffId, to, ticketId: request.params.id! },
          ...(pin === undefined ? {} : { pin: pin.slice(0, 64) }),
          ...(factorAt === undefined ? {} : { factorAt }),
        });
        return pin === undefined ? 'agreed' : 'asked';
      },
    ),
    take(
      { path: `${path}/{id}/look`, params, summary: 'Looks whether it is well again' },
      async ({ person: { staffId }, request }) => {
        const { closed } = await call('signing.look-again', { staffId, ticketId: request.params.id! });
        return closed ? 'well' : 'not-yet';
      },
    ),
  ];
};
