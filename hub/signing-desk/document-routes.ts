import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { answerPage } from '#hub/signing-desk/answer-page.ts';
import { askedFor } from '#hub/signing-desk/asked-for.ts';
import { findDecision } from '#hub/signing-desk/decision-store.ts';
import { isUuid } from '#hub/signing-desk/is-uuid.ts';
import { whyNotWaiting } from '#hub/signing-desk/not-waiting.ts';
import { showDocument } from '#hub/signing-desk/show-document.ts';
import { tellProblem } from '#hub/signing-desk/tell-problem.ts';
import { type Pages, proveAgain } from '#hub/signing-desk/visit.ts';

const params = Type.Object({ stepId: Type.String({ format: 'uuid' }) });

/** Shown in a page of ours, by the browser's own reader; nothing in it may ask for anything. */
const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'";

/** `/signing/documents/{stepId}`: one document, read and decided. */
export const documentRoutes = (
  { call, db, config }: Pick<PartContext, 'call' | 'db' | 'config'>,
  pages: Pages,
): Route[] => [
  pages.show(
    { path: '/signing/documents/{stepId}', summary: 'One document that waits for my signature', params },
    async ({ person, request, csrf }) => {
      const { language, query } = request;
      const stepId = request.params.stepId!;
      const waiting = await call('signing.waiting', { staffId: person.staffId });
      const step = waiting.find(one => one.stepId === stepId);
      if (step === undefined) throw await whyNotWaiting({ call }, { staffId: person.staffId, stepId });
      const named = query.decision !== undefined && isUuid(query.decision) ? query.decision : undefined;
      const before = named && (await findDecision(db, named, person.staffId));
      // One that nothing came of goes on; a page that is opened anew begins a new one.
      const decision = before && before.state === 'open' ? before : undefined;
      const failed = decision?.outcomes?.find(outcome => outcome.stepId === stepId && !outcome.ok);
      const id = decision?.id ?? randomUUID();
      const here = `/signing/documents/${stepId}`;
      const asks = askedFor([step], person.factorAt);
      const values = {
        title: step.title,
        document: showDocument(step, language),
        filled: decision?.numbers ?? {},
        problem: failed && tellProblem(failed, language),
        asks,
        proveAgain: proveAgain(here),
        action: `/signing/decisions/${id}`,
        file: `${here}/file`,
        today: today(),
        csrf,
      };
      return answerPage('document', language, values, 200, asks.token ? config.signingAgent : undefined);
    },
  ),
  pages.show(
    {
      path: '/signing/documents/{stepId}/file',
      summary: 'The file of a document, as it will be signed',
      params,
    },
    async ({ person, request: { params: given, query } }) => {
      const { fileName, mediaType, base64 } = await call('signing.file', {
        staffId: person.staffId,
        stepId: given.stepId!,
      });
      const how = query.download === undefined ? 'inline' : 'attachment';
      return new Reply(200, Buffer.from(base64, 'base64'), {
        'content-type': mediaType,
        'content-disposition': `${how}; filename*=UTF-8''${encodeURIComponent(fileName).replaceAll("'", '%27')}`,
        'content-security-policy': filePolicy,
      });
    },
  ),
];
