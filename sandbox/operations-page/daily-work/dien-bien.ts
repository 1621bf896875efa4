import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { day, filled, oneOf } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { missing } from '#sandbox/operations-page/answers.ts';
import { createResource, type ResourceRow } from './resource.ts';

/** What the HR software decided of a person: nâng bậc lương, khen thưởng. */
interface DienBienRow extends ResourceRow {
  maCbccvc: string;
  loai: 'NANG_BAC_LUONG' | 'KHEN_THUONG';
  /** dd/MM/yyyy. */
  tuNgay: string;
  noiDung: string;
}

export const createDienBien = (tables: WorkTables, knows: (staffCode: string) => boolean) => {
  const resource = createResource<DienBienRow>({
    tables,
    name: 'dien-bien',
    prefix: 'DB',
    blank: { maLienThong: null, maCbccvc: '', loai: 'KHEN_THUONG', tuNgay: '', noiDung: '' },
    needs: ['maCbccvc', 'tuNgay', 'noiDung'],
    rules: {
      maCbccvc: filled,
      loai: oneOf('NANG_BAC_LUONG', 'KHEN_THUONG'),
      tuNgay: day,
      noiDung: filled,
    },
  });
  return (request: AppRequest, id: string | undefined, action: string | undefined): AppAnswer => {
    const code = request.method === 'PUT' ? parseBody(request.body)?.maCbccvc : undefined;
    return typeof code === 'string' && !knows(code) ? missing : resource.handle(request, id, action);
  };
};
