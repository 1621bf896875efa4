import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import type { Rule } from '#sandbox/kit/rules.ts';
import type { WorkTable, WorkTables } from '#sandbox/kit/work-tables.ts';
import { missing, no, notAllowed, ok, wrongField } from '#sandbox/operations-page/answers.ts';

/** What every row of the page's work has; `maLienThong` is null until the hub gives one. */
export interface ResourceRow {
  id: string;
  maLienThong: string | null;
  [field: string]: unknown;
}
export interface Resource<T extends ResourceRow> {
  table: WorkTable<T>;
  /** `GET` lists changes after `sau`, `PUT` writes by `maLienThong`, else by `id`, else anew; `POST <maLienThong>/<action>`. */
  handle(request: AppRequest, id: string | undefined, action: string | undefined): AppAnswer;
  /** What people do on the page: make a row, or change one. */
  byHand(given: Record<string, unknown>): T;
}

/** One kind of work of the page: the same doors for tasks, citizens' matters, programmes and calendars. */
export const createResource = <T extends ResourceRow>(given: {
  tables: WorkTables;
  name: string;
  /** Ids begin so. */
  prefix: string;
  blank: Omit<T, 'id'>;
  rules: Record<string, Rule>;
  /** Fields without which there is no row. */
  needs: string[];
  /** Which rows a list tells that is narrowed by further parameters; all by default. */
  isWanted?: (row: T, query: URLSearchParams) => boolean;
  actions?: Record<string, (row: T, body: Record<string, unknown>) => T | AppAnswer>;
}): Resource<T> => {
  const { prefix, blank, rules, needs, actions = {}, isWanted = () => true } = given;
  const table = given.tables.table<T>(given.name);
  const fields = Object.keys(blank);
  const known = (body: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(body).filter(([name]) => fields.includes(name)));
  const fault = (row: Record<string, unknown>): string | undefined =>
    needs.find(name => row[name] === null || row[name] === undefined) ??
    Object.keys(rules).find(name => !rules[name]!(row[name]));
  const make = (): T => ({ id: table.freeId(prefix), ...blank }) as unknown as T;

  const write = (body: Record<string, unknown>): AppAnswer => {
    const code = body.maLienThong;
    if (typeof code !== 'string' || code === '') return wrongField('maLienThong');
    const byCode = table.find(row => row.maLienThong === code);
    const byId = typeof body.id === 'string' ? table.get(body.id) : undefined;
    if (byCode === undefined && byId !== undefined && byId.maLienThong !== null)
      return no('TRUNG_MA_LIEN_THONG', 'Đã có mã liên thông khác');
    const before = byCode ?? byId;
    const row = { ...(before ?? make()), ...known(body) } as T;
    const field = fault(row);
    return field === undefined ? ok(table.save(row)) : wrongField(field);
  };
  const list = (query: URLSearchParams): AppAnswer => {
    const size = Number(query.get('soDong') ?? 20);
    if (!(size >= 1 && size <= 500)) return wrongField('soDong');
    const after = Number(query.get('sau') ?? 0);
    if (!Number.isInteger(after)) return wrongField('sau');
    const { found, more } = table.after(after, size, row => isWanted(row, query));
    const danhSach = found.map(({ row, change, at }) => ({ ...row, soThayDoi: change, capNhatLuc: at }));
    return ok({ danhSach, conNua: more });
  };

  return {
    table,
    handle(request, id, action) {
      if (id === undefined && request.method === 'GET') return list(request.query);
      const body = parseBody(request.body);
      if (body === undefined) return no('DU_LIEU_KHONG_HOP_LE', 'JSON không hợp lệ', 400);
      if (id === undefined) return request.method === 'PUT' ? write(body) : notAllowed;
      const act = action === undefined ? undefined : actions[action];
      if (act === undefined || request.method !== 'POST') return notAllowed;
      const row = table.find(one => one.maLienThong === id);
      if (row === undefined) return missing;
      const next = act(row, body);
      if (!('id' in next)) return next;
      const field = fault(next);
      return field === undefined ? ok(table.save(next)) : wrongField(field);
    },
    byHand(values) {
      const before = typeof values.id === 'string' ? table.get(values.id) : undefined;
      return table.save({ ...(before ?? make()), ...known(values) } as T);
    },
  };
};
