import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createNewApp } from './new-app.ts';

/** Found by its folder's name: the contract suite runs the connector of the same name against this. */
export const startForContract: StartForContract = async () => {
  const apiKey = 'contract-key-of-new-app';
  const start = { accounts: contractAccounts(25), credentials: { apiKey } };
  const app = await serveApp(createNewApp(start));
  return { app, settings: { baseUrl: app.origin, apiKey } };
};
