import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { writeByHand } from '#sandbox/kit/write-by-hand.ts';
import { createPortal } from './portal.ts';

export const startForContract: StartForContract = async () => {
  const credentials = { clientId: 'lien-thong', clientSecret: 'contract-secret-of-the-portal' };
  const portal = createPortal({ accounts: contractAccounts(25), credentials });
  const app = await serveApp(portal);
  let dossiers = 0;
  return {
    app,
    settings: { baseUrl: app.origin, ...credentials },
    byHand: {
      ...writeByHand(portal, {
        cases: {
          kind: 'feedback',
          row: { kind: 'REPORT', subject: 'Rác thải ven sông', received_on: '2026-11-02' },
          change: { org_code: 'H57.02' },
        },
      }),
      async dossiers(code) {
        dossiers += 1;
        const id = code ?? `H57.01-261101-${dossiers}`;
        const row = {
          procedure_name: 'Cấp phiếu lý lịch tư pháp',
          org_code: 'H57.01',
          officer_code: 'H57.001',
          received_on: '2026-11-01',
          due_on: '2026-12-10',
          settled_on: code === undefined ? null : '2026-11-20',
        };
        await portal.act!({ action: 'by-hand', kind: 'dossiers', row: { ...row, id } });
        return id;
      },
    },
  };
};
