import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import type { DocumentFiles } from '#sandbox/kit/document-files.ts';
import { openWorkTables } from '#sandbox/kit/work-tables.ts';
import type { CanBoRow } from '#sandbox/operations-page/can-bo.ts';
import { createChuongTrinh } from './chuong-trinh.ts';
import { createCongViec } from './cong-viec.ts';
import { createDiemDanh } from './diem-danh.ts';
import { createDienBien } from './dien-bien.ts';
import { createLich } from './lich.ts';
import { createThongBao } from './thong-bao.ts';
import { createThongKe } from './thong-ke.ts';
import { createVuViec } from './vu-viec.ts';

type Handler = (request: AppRequest, id: string | undefined, action: string | undefined) => AppAnswer;

/** The daily work of the page, each kind at `/api/<kind>`, its rows at `GET /_state/<kind>`. */
export const createWork = (given: {
  journalFile?: string | undefined;
  staff(): CanBoRow[];
  knows(staffCode: string): boolean;
  files: DocumentFiles;
}) => {
  const tables = openWorkTables(given.journalFile);
  const resources = {
    'cong-viec': createCongViec(tables),
    'vu-viec': createVuViec(tables),
    'chuong-trinh': createChuongTrinh(tables),
    'lich-cong-tac': createLich(tables),
  };
  const handlers: Record<string, Handler> = {
    ...Object.fromEntries(Object.entries(resources).map(([name, { handle }]) => [name, handle])),
    'thong-bao': createThongBao(tables, given.staff),
    'diem-danh': createDiemDanh(tables, given.knows),
    'dien-bien': createDienBien(tables, given.knows),
    'thong-ke': createThongKe({
      tasks: resources['cong-viec'].table,
      cases: resources['vu-viec'].table,
      files: given.files,
    }),
  };
  return {
    /** Undefined: no work of this name. */
    handle: (request: AppRequest, kind: string, id?: string, action?: string): AppAnswer | undefined =>
      Object.hasOwn(handlers, kind) ? handlers[kind]!(request, id, action) : undefined,
    state: tables.state,
    /** `{"action":"by-hand","kind":"vu-viec","row":{…}}`: what people write on the page; with `id` they change it. */
    act(action: Record<string, unknown>): object | undefined {
      if (action.action !== 'by-hand') return undefined;
      const resource = resources[action.kind as keyof typeof resources];
      return resource?.byHand(action.row as Record<string, unknown>);
    },
  };
};
