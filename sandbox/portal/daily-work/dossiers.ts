import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import type { DocumentFiles } from '#sandbox/kit/document-files.ts';
import { drawLetter } from '#sandbox/kit/draw-letter.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { filled, isoDay } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { error, invalid } from '#sandbox/portal/error.ts';

interface Extension {
  request_id: string;
  due_on: string;
  reason: string;
  state: 'PROPOSED' | 'ACCEPTED' | 'REFUSED';
  /** The letter among the result files. */
  document_id: string;
}
/** A dossier of a citizen; `id` is its code. */
export interface DossierRow {
  id: string;
  procedure_name: string;
  org_code: string;
  officer_code: string | null;
  received_on: string;
  due_on: string;
  settled_on: string | null;
  extensions: Extension[];
}

const show = ({ id, extensions, ...row }: DossierRow): object => ({
  dossier_code: id,
  ...row,
  extension: extensions.at(-1) ?? null,
});

/** `/api/v2/dossiers`: `GET ?due_until=` the open ones, soonest first; `POST {code}/extensions` proposes a new day. */
export const createDossiers = (tables: WorkTables, files: DocumentFiles) => {
  const table = tables.table<DossierRow>('dossiers');

  const list = (query: URLSearchParams): AppAnswer => {
    const [until, limit] = [query.get('due_until') ?? '', Number(query.get('limit') ?? 50)];
    if (!isoDay(until)) return invalid('due_until');
    if (!(limit >= 1 && limit <= 200)) return invalid('limit');
    const cursor = Buffer.from(query.get('cursor') ?? '', 'base64url').toString();
    const placeOf = ({ due_on, id }: DossierRow): string => `${due_on} ${id}`;
    const open = table
      .all()
      .filter(({ settled_on, due_on }) => settled_on === null && due_on <= until)
      .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
      .filter(row => placeOf(row) > cursor);
    const found = open.slice(0, limit);
    const next_cursor =
      open.length > limit ? Buffer.from(placeOf(found.at(-1)!)).toString('base64url') : null;
    return { json: { items: found.map(show), next_cursor } };
  };

  const propose = (row: DossierRow, body: Record<string, unknown>): AppAnswer => {
    const { request_id, due_on, reason } = body as Record<string, string>;
    if (!filled(request_id)) return invalid('request_id');
    if (row.extensions.some(one => one.request_id === request_id)) return { json: show(row) };
    if (!isoDay(due_on) || due_on! <= row.due_on) return invalid('due_on');
    if (!filled(reason)) return invalid('reason');
    if (row.settled_on !== null) return error(409, 'dossier_settled', 'Hồ sơ đã trả kết quả');
    if (row.extensions.at(-1)?.state === 'PROPOSED')
      return error(409, 'extension_pending', 'Đã có đề nghị gia hạn đang chờ');
    const document_id = `GH-${row.id}-${row.extensions.length + 1}`;
    files.draft({
      id: document_id,
      fileName: `Thư xin lỗi và hẹn lại ngày trả kết quả ${row.id}.pdf`,
      base64: drawLetter([
        'THƯ XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ',
        `Hồ sơ: ${row.id}`,
        `Thủ tục: ${row.procedure_name}`,
        `Hẹn trả: ${row.due_on}. Hẹn lại: ${due_on}.`,
        `Lý do: ${reason}`,
      ]),
    });
    const extension: Extension = {
      request_id: request_id!,
      due_on: due_on!,
      reason: reason!,
      state: 'PROPOSED',
      document_id,
    };
    return { json: show(table.save({ ...row, extensions: [...row.extensions, extension] })) };
  };

  return {
    table,
    handle(request: AppRequest, [code, extensions]: string[]): AppAnswer {
      if (code === undefined && request.method === 'GET') return list(request.query);
      if (code === undefined || extensions !== 'extensions' || request.method !== 'POST')
        return error(405, 'method_not_allowed', request.method);
      const row = table.get(code);
      if (row === undefined) return error(404, 'dossier_not_found', 'Không tìm thấy hồ sơ');
      const body = parseBody(request.body);
      return body === undefined ? error(400, 'malformed_json', 'JSON không hợp lệ') : propose(row, body);
    },
    /** A file was put back signed: if it is a letter that gives a dossier more time, the new day holds. */
    onSigned(documentId: string): void {
      const row = table.find(one => one.extensions.at(-1)?.document_id === documentId);
      const last = row?.extensions.at(-1);
      if (row === undefined || last?.state !== 'PROPOSED') return;
      const accepted: Extension = { ...last, state: 'ACCEPTED' };
      table.save({ ...row, due_on: last.due_on, extensions: [...row.extensions.slice(0, -1), accepted] });
    },
    /** What officers write: a dossier by its code, or what changes of one (`settled_on`, `officer_code`). */
    byHand(values: Record<string, unknown>): DossierRow {
      const blank = { officer_code: null, settled_on: null, extensions: [] };
      const id = String(values.id);
      return table.save({ ...blank, ...table.get(id), ...values, id } as unknown as DossierRow);
    },
  };
};
