import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { type HandWritten, writeByHand } from '#sandbox/kit/write-by-hand.ts';
import type { ThongBaoRow } from './daily-work/thong-bao.ts';
import { createOperationsPage } from './operations-page.ts';

const below = 'H57.01.05';
/** What people write on the page, by port. */
const rows: HandWritten = {
  tasks: {
    kind: 'cong-viec',
    row: { tieuDe: 'Việc tự ghi', donViChuTri: 'H57.01' },
    change: { trangThai: 'DANG_LAM', tienDo: 55 },
  },
  cases: {
    kind: 'vu-viec',
    row: { loai: 'DAN_HOI', tieuDe: 'Hỏi về đất đai', ngayNhan: '02/11/2026' },
    change: { donViXuLy: 'H57.02' },
  },
  programme: {
    kind: 'chuong-trinh',
    row: { ky: '2026-11', donVi: 'H57.01', tieuDe: 'Chương trình tháng 11' },
    change: { trangThai: 'DA_DUYET' },
  },
};

export const startForContract: StartForContract = async () => {
  const apiKey = 'contract-key-of-the-operations-page';
  const people = contractAccounts(25);
  const accounts = people.map((one, index) => (index % 5 === 0 ? { ...one, unitCode: below } : one));
  const page = createOperationsPage({ accounts, credentials: { apiKey } });
  const app = await serveApp(page);
  const notices = (subject: string) =>
    ((page.state!('thong-bao') ?? []) as ThongBaoRow[]).filter(({ tieuDe }) => tieuDe === subject);
  return {
    app,
    settings: { baseUrl: app.origin, apiKey },
    delivered: async subject => notices(subject).length,
    boards: {
      unitCode: 'H57.01',
      below,
      readers: async subject => notices(subject).flatMap(({ nguoiXem }) => nguoiXem),
    },
    byHand: writeByHand(page, rows),
  };
};
