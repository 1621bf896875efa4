import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { writeByHand } from '#sandbox/kit/write-by-hand.ts';
import { createDirectives, servicePath } from './directives.ts';

export const startForContract: StartForContract = async () => {
  const credentials = { username: 'lienthong', password: 'mat-khau-cua-truc-lien-thong' };
  const directives = createDirectives({ accounts: contractAccounts(25), credentials });
  const app = await serveApp(directives);
  return {
    app,
    settings: { endpoint: `${app.origin}${servicePath}`, ...credentials },
    byHand: writeByHand(directives, {
      directives: {
        kind: 'y-kien',
        row: { NoiDung: 'Chỉ đạo tại cuộc họp', DonViChuTri: 'H57.01' },
        change: { TrangThai: 'DangThucHien', TienDo: 55 },
      },
      cases: {
        kind: 'kien-nghi',
        row: { Loai: 'CuTri', TieuDe: 'Kiến nghị về thủy lợi', NgayNhan: '02/11/2026' },
        change: { DonViXuLy: 'H57.02' },
      },
    }),
  };
};
