import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createDirectives, servicePath } from './directives.ts';

export const startForContract: StartForContract = async () => {
  const credentials = { username: 'lienthong', password: 'mat-khau-cua-truc-lien-thong' };
  const app = await serveApp(createDirectives({ accounts: contractAccounts(25), credentials }));
  return { app, settings: { endpoint: `${app.origin}${servicePath}`, ...credentials } };
};
