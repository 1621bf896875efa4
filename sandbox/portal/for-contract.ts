import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createPortal } from './portal.ts';

export const startForContract: StartForContract = async () => {
  const credentials = { clientId: 'lien-thong', clientSecret: 'contract-secret-of-the-portal' };
  const app = await serveApp(createPortal({ accounts: contractAccounts(25), credentials }));
  return { app, settings: { baseUrl: app.origin, ...credentials } };
};
