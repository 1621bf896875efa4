import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createDocumentSystem, servicePath } from './document-system.ts';

const makeIssued = (id: string): object => ({
  MaDinhDanhVanBan: id,
  DonViGui: { MaDinhDanh: 'H57.01', TenDonVi: 'Văn phòng UBND tỉnh' },
  NoiNhan: [{ MaDinhDanh: 'H57.09' }],
  NgayBanHanh: '01/03/2026',
  TrichYeu: 'V/v nâng bậc lương',
  ThaoTac: 'GuiMoi',
  Tep: [{ TenTep: 'Quyết định.pdf', NoiDung: 'JVBERi0xLjQ=' }],
});

export const startForContract: StartForContract = async () => {
  const credentials = { username: 'lienthong', password: 'mat-khau-cua-truc-lien-thong' };
  const system = createDocumentSystem({ accounts: contractAccounts(25), credentials });
  const app = await serveApp(system);
  const countOf = (name: string, text: string): number =>
    (system.state!(name) as object[]).filter(one => JSON.stringify(one).includes(text)).length;
  return {
    app,
    settings: { endpoint: `${app.origin}${servicePath}`, ...credentials },
    documents: {
      issue: async id => system.act!({ action: 'issue', document: makeIssued(id) }),
      count: async id => ({ documents: countOf('incoming', id), statuses: countOf('told', id) }),
    },
  };
};
