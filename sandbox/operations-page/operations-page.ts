import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { createDocumentFiles, type DocumentFile } from '#sandbox/kit/document-files.ts';
import { openJournal } from '#sandbox/kit/journal.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { createUniqueRows } from '#sandbox/kit/unique-rows.ts';
import { no, notAllowed, ok } from './answers.ts';
import { type CanBoRow, fieldAtFault, toAccount, toRow } from './can-bo.ts';
import { createWork } from './daily-work/work.ts';

export interface OperationsPageStart {
  accounts: SandboxAccount[];
  /** Changes are kept here across restarts. */
  journalFile?: string;
  credentials: { apiKey: string };
}

const notFound = no('KHONG_TIM_THAY', 'Không tìm thấy cán bộ', 404);
const taken: Record<string, AppAnswer> = {
  tenDangNhap: no('TRUNG_TEN_DANG_NHAP', 'Tên đăng nhập đã được sử dụng'),
  maCbccvc: no('TRUNG_MA_CBCCVC', 'Mã CBCCVC đã được sử dụng'),
};

/**
 * The operations page, played: `/api/can-bo` (list by `trang`/`kichThuoc`, find by `maCbccvc`, create),
 * `/api/can-bo/{id}` (read, partial `PUT`) and `/api/can-bo/{id}/khoa` (lock); daily work in `work/`.
 */
export const createOperationsPage = (start: OperationsPageStart): SandboxApp => {
  const rows = createUniqueRows<CanBoRow>(row => row.id, {
    tenDangNhap: row => row.tenDangNhap,
    maCbccvc: row => row.maCbccvc,
  });
  for (const account of start.accounts) rows.load(toRow(account));
  const keep = openJournal<CanBoRow>(start.journalFile, row => rows.put(row));

  const write = (row: CanBoRow, status = 200): AppAnswer => {
    const held = rows.put(row);
    if (held !== undefined) return taken[held] as AppAnswer;
    keep(row);
    return ok(row, status);
  };
  const files = createDocumentFiles();
  const work = createWork({
    journalFile: start.journalFile?.replace(/(\.jsonl)?$/, '.work.jsonl'),
    staff: rows.all,
    knows: code => rows.find('maCbccvc', code) !== undefined,
    files,
  });

  const freeId = (): string => {
    let number = rows.count() + 1;
    while (rows.get(`CB${number}`) !== undefined) number += 1;
    return `CB${number}`;
  };

  const list = (query: URLSearchParams): AppAnswer => {
    const page = Number(query.get('trang') ?? 1);
    const size = Number(query.get('kichThuoc') ?? 20);
    if (!(page >= 1 && size >= 1 && size <= 500))
      return no('DU_LIEU_KHONG_HOP_LE', 'Phân trang không hợp lệ', 400, 'kichThuoc');
    const code = query.get('maCbccvc');
    const found = code === null ? undefined : rows.find('maCbccvc', code);
    const tongSo = code === null ? rows.count() : Number(found !== undefined);
    const danhSach = code === null ? rows.slice((page - 1) * size, size) : found === undefined ? [] : [found];
    return ok({ tongSo, trang: page, kichThuoc: size, danhSach });
  };

  const change = (request: AppRequest, row: CanBoRow | undefined): AppAnswer => {
    const body = parseBody(request.body);
    if (body === undefined) return no('DU_LIEU_KHONG_HOP_LE', 'JSON không hợp lệ', 400);
    const field = fieldAtFault(body, row === undefined);
    if (field !== undefined) return no('DU_LIEU_KHONG_HOP_LE', 'Giá trị không hợp lệ', 422, field);
    if (row !== undefined) return write({ ...row, ...body, id: row.id });
    const empty = toRow({ externalId: freeId(), enabled: true, code: '', username: '', name: '' });
    return write({ ...empty, ...body, id: empty.id }, 201);
  };

  const one = (request: AppRequest, id: string, action: string | undefined): AppAnswer => {
    const row = rows.get(id);
    if (row === undefined) return notFound;
    if (action === 'khoa' && request.method === 'POST')
      return row.trangThai === 'KHOA'
        ? no('DA_KHOA', 'Tài khoản đã bị khóa')
        : write({ ...row, trangThai: 'KHOA' });
    if (action === undefined && request.method === 'GET') return ok(row);
    if (action === undefined && request.method === 'PUT') return change(request, row);
    return notAllowed;
  };

  const fileAnswer = (file: DocumentFile | undefined): AppAnswer =>
    file === undefined
      ? notFound
      : ok({
          tenTep: file.fileName,
          kieuTep: file.mediaType,
          noiDung: file.base64,
          soKyHieu: file.number || null,
        });
  const oneFile = (request: AppRequest, id: string): AppAnswer => {
    if (request.method === 'GET') return fileAnswer(files.get(id));
    if (request.method !== 'PUT') return notAllowed;
    const body = parseBody(request.body) as Record<string, string | null> | undefined;
    if (!body?.noiDung) return no('DU_LIEU_KHONG_HOP_LE', 'Thiếu nội dung tệp', 422, 'noiDung');
    return fileAnswer(
      files.replace(id, {
        fileName: body.tenTep ?? '',
        base64: body.noiDung,
        number: body.soKyHieu ?? undefined,
        issuedOn: body.ngayBanHanh ?? undefined,
      }),
    );
  };

  return {
    id: 'operations-page',
    accounts: () => rows.all().map(toAccount),
    state: name => (name === 'documents' ? files.state() : work.state(name)),
    act: action => files.act(action) ?? work.act(action),
    handle(request) {
      if (request.headers['x-api-key'] !== start.credentials.apiKey)
        return no('KHONG_XAC_THUC', 'Khóa API không hợp lệ');
      const [, api, staff, id, action] = request.path.split('/');
      if (api === 'api' && staff === 'van-ban' && id !== undefined && action === 'tep')
        return oneFile(request, decodeURIComponent(id));
      const worked =
        api === 'api' && staff !== undefined
          ? work.handle(request, staff, id && decodeURIComponent(id), action)
          : undefined;
      if (worked !== undefined) return worked;
      if (api !== 'api' || staff !== 'can-bo') return { status: 404, body: '404 page not found' };
      if (id !== undefined) return one(request, decodeURIComponent(id), action);
      if (request.method === 'GET') return list(request.query);
      if (request.method === 'POST') return change(request, undefined);
      return notAllowed;
    },
  };
};
