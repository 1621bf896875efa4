import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { CasesPort } from '#connectors/kit/daily-work-ports.ts';
import { nullable, nullableText } from '#connectors/kit/nullable.ts';
import { filled, translate } from '#connectors/kit/work-values.ts';
import { maxPageSize } from '#connectors/portal/client.ts';
import type { AppCase, CaseAnswer, CitizenCase } from '#schemas/daily-work/citizen-case.ts';
import { type Ask, isoDay } from './ask.ts';

const fields = {
  feedback_id: Type.String({ minLength: 1 }),
  /** The one number. */
  reference: nullableText,
  kind: Type.String(),
  subject: Type.String(),
  content: Type.String(),
  sender: nullableText,
  received_on: isoDay,
  org_code: nullableText,
  due_on: nullable(isoDay),
  reply: nullable(
    Type.Object({
      content: Type.String({ minLength: 1 }),
      org_code: Type.String(),
      replied_on: isoDay,
      document_no: nullableText,
    }),
  ),
};
/** A citizen's matter as the portal tells it. */
const Feedback = Type.Object(fields);
type Feedback = Static<typeof Feedback>;
const checkOne = checkAnswer(Feedback);
const checkChanges = checkAnswer(
  Type.Object({
    items: Type.Array(Type.Object({ ...fields, change_no: Type.Integer(), changed_at: Type.String() })),
    has_more: Type.Boolean(),
  }),
);

const kinds = translate({ question: 'QUESTION', reported: 'REPORT', 'voter-opinion': 'VOTER_OPINION' });

const toFeedback = (mirrored: CitizenCase): object => ({
  feedback_id: mirrored.externalId,
  kind: kinds.to(mirrored.kind),
  subject: mirrored.title,
  content: mirrored.text,
  sender: mirrored.from,
  received_on: mirrored.receivedOn,
  org_code: mirrored.unitCode,
  due_on: mirrored.dueOn,
});

const toReply = (answer: CaseAnswer): object => ({
  content: answer.text,
  org_code: answer.unitCode,
  replied_on: answer.on,
  document_no: answer.documentNumber,
});

const fromReply = (reply: NonNullable<Feedback['reply']>): CaseAnswer => ({
  text: reply.content,
  unitCode: reply.org_code,
  on: reply.replied_on,
  ...filled({ documentNumber: reply.document_no }),
});

const fromFeedback = (row: Feedback): AppCase => ({
  externalId: row.feedback_id,
  ...filled({ number: row.reference }),
  kind: kinds.from(row.kind),
  title: row.subject,
  text: row.content,
  receivedOn: row.received_on,
  ...filled({ from: row.sender, unitCode: row.org_code, dueOn: row.due_on }),
  ...(row.reply ? { answer: fromReply(row.reply) } : {}),
});

const pathOf = (number: string): string => `/feedback/by-reference/${encodeURIComponent(number)}`;

/** The port `cases`. */
export const createCases = (ask: Ask): CasesPort => ({
  upsert: async (mirrored, { signal }) =>
    fromFeedback(await ask('PUT', pathOf(mirrored.number), signal, checkOne, toFeedback(mirrored))),
  async list({ after = '0', limit }, { signal }) {
    const query = new URLSearchParams({ since: after, limit: String(Math.min(limit, maxPageSize)) });
    const page = await ask('GET', `/feedback?${query}`, signal, checkChanges);
    return {
      items: page.items.map(row => ({
        item: fromFeedback(row),
        cursor: String(row.change_no),
        at: row.changed_at,
      })),
      more: page.has_more,
    };
  },
  answer: async ({ number, answer }, { signal }) =>
    fromFeedback(await ask('POST', `${pathOf(number)}/reply`, signal, checkOne, toReply(answer))),
});
