import { randomUUID } from 'node:crypto';
import type { Route } from '#hub/platform/http/route.ts';
import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { answerPage, seeOther } from '#hub/signing-desk/answer-page.ts';
import { beginDecision, lastFailures } from '#hub/signing-desk/decision-store.ts';
import { isLate, showDocument } from '#hub/signing-desk/show-document.ts';
import type { Pages } from '#hub/signing-desk/visit.ts';

/** The most documents of one decision; so many the list shows. */
const atOnce = 300;

/** `/signing`: what waits for a person, and choosing from it. */
export const waitingRoutes = ({ call, db }: Pick<PartContext, 'call' | 'db'>, pages: Pages): Route[] => [
  pages.show(
    { path: '/signing', summary: 'What waits for my signature' },
    async ({ person, request: { language, query }, csrf }) => {
      const { staffId } = person;
      const [waiting, failures] = await Promise.all([
        call('signing.waiting', { staffId }),
        lastFailures(db, staffId),
      ]);
      const late = waiting.filter(step => isLate(step));
      const onlyLate = query.late !== undefined;
      const listed = onlyLate ? late : waiting;
      return answerPage('waiting', language, {
        documents: listed
          .slice(0, atOnce)
          .map(step => showDocument(step, language, failures.get(step.stepId))),
        counts: { all: waiting.length, late: late.length, listed: listed.length },
        onlyLate,
        allChosen: query.all !== undefined,
        problem: query.problem === 'none' ? say(language, 'signing-desk.waiting.none-chosen') : undefined,
        atOnce,
        csrf,
      });
    },
  ),
  pages.take(
    { path: '/signing/chosen', summary: 'Begins a decision over several documents' },
    async ({ person: { staffId }, form }) => {
      const waiting = new Map((await call('signing.waiting', { staffId })).map(step => [step.stepId, step]));
      const chosen = form
        .values('step')
        .flatMap(id => waiting.get(id) ?? [])
        .slice(0, atOnce);
      if (chosen.length === 0) return seeOther('/signing?problem=none');
      if (chosen.length === 1) return seeOther(`/signing/documents/${chosen[0]!.stepId}`);
      const id = randomUUID();
      const documents = chosen.map(({ stepId, title, app, documentId }) => ({
        stepId,
        title,
        app,
        documentId,
      }));
      await beginDecision(db, { id, staffId, documents });
      return seeOther(`/signing/decisions/${id}`);
    },
  ),
];
