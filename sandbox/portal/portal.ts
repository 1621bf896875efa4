import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { createDocumentFiles, type DocumentFile } from '#sandbox/kit/document-files.ts';
import { openJournal } from '#sandbox/kit/journal.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { createUniqueRows } from '#sandbox/kit/unique-rows.ts';
import { createWork } from './daily-work/work.ts';
import { error } from './error.ts';
import { fieldAtFault, type OfficerRow, toAccount, toOfficer } from './officer.ts';
import { createTokens, type PortalCredentials } from './tokens.ts';

export interface PortalStart {
  accounts: SandboxAccount[];
  /** Changes are kept here across restarts. */
  journalFile?: string;
  credentials: PortalCredentials;
}

const shown = (row: OfficerRow, status = 200): AppAnswer => ({
  status,
  headers: { etag: `"${row.version}"` },
  json: row,
});
const taken: Record<string, AppAnswer> = {
  login_name: error(409, 'login_name_taken', 'Tên đăng nhập đã được sử dụng'),
  officer_code: error(409, 'officer_code_taken', 'Mã cán bộ đã được sử dụng'),
};

/**
 * The public service portal, played: `/oauth/token`, `/api/v2/officers` (cursor pages, find by
 * `officer_code`, create) and `/api/v2/officers/{id}` (read, `PATCH` with `If-Match`); daily work in `work/`.
 */
export const createPortal = (start: PortalStart): SandboxApp => {
  const tokens = createTokens(start.credentials);
  const rows = createUniqueRows<OfficerRow>(row => row.officer_id, {
    login_name: row => row.login_name,
    officer_code: row => row.officer_code,
  });
  for (const account of start.accounts) rows.load(toOfficer(account));
  const keep = openJournal<OfficerRow>(start.journalFile, row => rows.put(row));

  const write = (row: OfficerRow, status = 200): AppAnswer => {
    const held = rows.put(row);
    if (held !== undefined) return taken[held] as AppAnswer;
    keep(row);
    return shown(row, status);
  };
  const files = createDocumentFiles();
  const work = createWork({ journalFile: start.journalFile?.replace(/(\.jsonl)?$/, '.work.jsonl'), files });

  const freeId = (): string => {
    let number = rows.count() + 1;
    while (rows.get(`OFC-${number}`) !== undefined) number += 1;
    return `OFC-${number}`;
  };

  const list = (query: URLSearchParams): AppAnswer => {
    const limit = Number(query.get('limit') ?? 50);
    if (!(limit >= 1 && limit <= 200)) return error(422, 'validation_failed', 'limit: 1–200', 'limit');
    const code = query.get('officer_code');
    if (code !== null) {
      const found = rows.find('officer_code', code);
      return { json: { items: found === undefined ? [] : [found], next_cursor: null } };
    }
    const offset = Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString() || 0);
    if (!Number.isInteger(offset)) return error(400, 'bad_cursor', 'cursor', 'cursor');
    const items = rows.slice(offset, limit);
    const next = offset + items.length;
    return {
      json: {
        items,
        next_cursor: next < rows.count() ? Buffer.from(String(next)).toString('base64url') : null,
      },
    };
  };

  const create = (request: AppRequest): AppAnswer => {
    const body = parseBody(request.body);
    if (body === undefined) return error(400, 'malformed_json', 'JSON không hợp lệ');
    const field = fieldAtFault(body, true);
    if (field !== undefined) return error(422, 'validation_failed', 'Giá trị không hợp lệ', field);
    const empty = toOfficer({ externalId: freeId(), enabled: true, code: '', username: '', name: '' });
    return write({ ...empty, ...body, officer_id: empty.officer_id, version: 1 }, 201);
  };

  const patch = (request: AppRequest, row: OfficerRow): AppAnswer => {
    const match = request.headers['if-match'];
    if (match === undefined) return error(428, 'precondition_required', 'If-Match');
    if (match !== `"${row.version}"`) return error(412, 'precondition_failed', 'Dữ liệu đã thay đổi');
    const body = parseBody(request.body);
    if (body === undefined) return error(400, 'malformed_json', 'JSON không hợp lệ');
    const field = fieldAtFault(body, false);
    if (field !== undefined) return error(422, 'validation_failed', 'Giá trị không hợp lệ', field);
    // A patch that says nothing new leaves the version as it was.
    const same = Object.keys(body).every(key => row[key] === body[key]);
    if (same) return shown(row);
    return write({ ...row, ...body, officer_id: row.officer_id, version: row.version + 1 });
  };

  const one = (request: AppRequest, id: string): AppAnswer => {
    const row = rows.get(id);
    if (row === undefined) return error(404, 'officer_not_found', 'Không tìm thấy cán bộ');
    if (request.method === 'GET') return shown(row);
    if (request.method === 'PATCH') return patch(request, row);
    return error(405, 'method_not_allowed', request.method);
  };

  const fileAnswer = (file: DocumentFile | undefined): AppAnswer =>
    file === undefined
      ? error(404, 'file_not_found', 'Không tìm thấy tệp')
      : {
          json: {
            file_name: file.fileName,
            media_type: file.mediaType,
            content_base64: file.base64,
            number: file.number || null,
            issued_on: file.issuedOn || null,
          },
        };
  const oneFile = (request: AppRequest, id: string): AppAnswer => {
    if (request.method === 'GET') return fileAnswer(files.get(id));
    if (request.method !== 'PUT') return error(405, 'method_not_allowed', request.method);
    const body = parseBody(request.body) as Record<string, string | null> | undefined;
    if (!body?.content_base64) return error(422, 'validation_failed', 'content_base64', 'content_base64');
    const replaced = files.replace(id, {
      fileName: body.file_name ?? '',
      base64: body.content_base64,
      number: body.number ?? undefined,
      issuedOn: body.issued_on ?? undefined,
    });
    work.onSigned(id);
    return fileAnswer(replaced);
  };

  return {
    id: 'portal',
    accounts: () => rows.all().map(toAccount),
    state: name => (name === 'documents' ? files.state() : work.state(name)),
    act: action => files.act(action) ?? work.act(action),
    handle(request) {
      if (request.path === '/oauth/token' && request.method === 'POST') return tokens.issue(request);
      const id = /^\/api\/v2\/officers(?:\/([^/]+))?$/.exec(request.path);
      const file = /^\/api\/v2\/result-files\/([^/]+)$/.exec(request.path);
      const worked = work.find(request.path);
      if (id === null && file === null && worked === undefined)
        return { status: 404, body: '404 page not found' };
      if (!tokens.accepts(request.headers.authorization))
        return {
          ...error(401, 'invalid_token', 'Mã truy cập không hợp lệ hoặc đã hết hạn'),
          headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
        };
      if (worked !== undefined) return worked(request);
      if (file !== null) return oneFile(request, decodeURIComponent(file[1]!));
      if (id?.[1] !== undefined) return one(request, decodeURIComponent(id[1]));
      if (request.method === 'GET') return list(request.query);
      if (request.method === 'POST') return create(request);
      return error(405, 'method_not_allowed', request.method);
    },
  };
};
