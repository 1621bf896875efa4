import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { filled, isoDay, oneOf, orNull, text } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { error, invalid } from '#sandbox/portal/error.ts';
import { createByReference, type ReferencedRow } from './by-reference.ts';

interface Reply {
  content: string;
  org_code: string;
  replied_on: string;
  document_no: string | null;
}
/** A citizen's matter that came by the portal, or is mirrored there; `reference` is its one number. */
export interface FeedbackRow extends ReferencedRow {
  kind: 'REPORT' | 'VOTER_OPINION' | 'QUESTION';
  subject: string;
  content: string;
  sender: string | null;
  received_on: string;
  org_code: string | null;
  due_on: string | null;
  reply: Reply | null;
}

/** `/api/v2/feedback`: `GET` by change number, `PUT by-reference/{ref}`, `POST by-reference/{ref}/reply`. */
export const createFeedback = (tables: WorkTables) => {
  const table = tables.table<FeedbackRow>('feedback');
  const rows = createByReference<FeedbackRow>({
    table,
    prefix: 'FB-',
    idName: 'feedback_id',
    blank: {
      reference: null,
      kind: 'QUESTION',
      subject: '',
      content: '',
      sender: null,
      received_on: '',
      org_code: null,
      due_on: null,
      reply: null,
    },
    rules: {
      kind: oneOf('REPORT', 'VOTER_OPINION', 'QUESTION'),
      subject: filled,
      content: value => typeof value === 'string',
      sender: text,
      received_on: isoDay,
      org_code: text,
      due_on: orNull(isoDay),
    },
  });
  const list = (query: URLSearchParams): AppAnswer => {
    const limit = Number(query.get('limit') ?? 50);
    if (!(limit >= 1 && limit <= 200)) return invalid('limit');
    const since = Number(query.get('since') ?? 0);
    if (!Number.isInteger(since)) return invalid('since');
    const { found, more } = table.after(since, limit);
    const items = found.map(({ row, change, at }) => ({
      ...rows.show(row),
      change_no: change,
      changed_at: at,
    }));
    return { json: { items, has_more: more } };
  };
  const reply = (reference: string, body: Record<string, unknown>): AppAnswer => {
    const row = rows.find(reference);
    if (row === undefined) return error(404, 'feedback_not_found', 'Không tìm thấy phản ánh');
    const { content, org_code, replied_on, document_no = null } = body;
    if (!filled(content)) return invalid('content');
    if (!isoDay(replied_on)) return invalid('replied_on');
    const given = { content, org_code, replied_on, document_no } as Reply;
    if (row.reply !== null && JSON.stringify(row.reply) !== JSON.stringify(given))
      return error(409, 'already_replied', 'Phản ánh đã được trả lời');
    return rows.save({ ...row, reply: given });
  };
  return {
    table,
    byHand: rows.byHand,
    handle(request: AppRequest, [by, reference, action]: string[]): AppAnswer {
      if (by === undefined && request.method === 'GET') return list(request.query);
      const body = parseBody(request.body);
      if (body === undefined) return error(400, 'malformed_json', 'JSON không hợp lệ');
      if (by === 'by-reference' && reference && action === undefined && request.method === 'PUT')
        return rows.put(reference, body);
      if (by === 'by-reference' && reference && action === 'reply' && request.method === 'POST')
        return reply(reference, body);
      return error(405, 'method_not_allowed', request.method);
    },
  };
};
