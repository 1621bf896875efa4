import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { readAgreements, readNumbers } from '#hub/signing-desk/decide-chosen.ts';
import { tellProblem } from '#hub/signing-desk/tell-problem.ts';
import type { Pages } from '#hub/signing-desk/visit.ts';

const params = Type.Object({ stepId: Type.String({ format: 'uuid' }) });
const path = '/signing/documents/{stepId}/token';
/** The file is prepared in a worker, a large one for some seconds. */
const timeoutMs = 60_000;

const json = (status: number, body: object): Reply =>
  new Reply(status, body, { 'content-type': 'application/json' });

/** What the page's script cannot go on from, in words. */
const tell = (error: unknown, language: Language): Reply => {
  if (!(error instanceof AppError)) throw error;
  return json(error.status, { said: tellProblem(error, language) });
};

/** `/signing/documents/{stepId}/token`: what the script on a document's page asks for when it is signed with a USB token. */
export const tokenRoutes = ({ call }: Pick<PartContext, 'call'>, pages: Pages): Route[] => [
  pages.take(
    { path, params, summary: 'The call of the signing agent for a document: what to send it, and where to' },
    async ({ person: { staffId }, request: { params: given, language }, form }) => {
      const stepId = given.stepId!;
      const document = { stepId, title: '', app: '', documentId: '' };
      const numbers = readNumbers(form, [document])[stepId];
      try {
        const asked = {
          staffId,
          stepId,
          agreements: readAgreements(form),
          ...(numbers === undefined ? {} : { numbers }),
        };
        return json(200, await call('signing.call-agent', asked, { timeoutMs }));
      } catch (error) {
        return tell(error, language);
      }
    },
  ),
  pages.show(
    { path, params, summary: 'What came of it' },
    async ({ person: { staffId }, request: { params: given, language } }) => {
      const { state, problem } = await call('signing.agent-outcome', { staffId, stepId: given.stepId! });
      const said = problem === undefined ? {} : { said: say(language, `signing-agent.${problem}`) };
      return json(200, { state, ...said });
    },
  ),
];
