import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createOperationsPage } from './operations-page.ts';

export const startForContract: StartForContract = async () => {
  const apiKey = 'contract-key-of-the-operations-page';
  const app = await serveApp(
    createOperationsPage({ accounts: contractAccounts(25), credentials: { apiKey } }),
  );
  return { app, settings: { baseUrl: app.origin, apiKey } };
};
