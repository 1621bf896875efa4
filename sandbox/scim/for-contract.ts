import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { basePath, createScim, tokenPath } from './scim.ts';

export const startForContract: StartForContract = async () => {
  const client = { clientId: 'lien-thong', clientSecret: 'contract-secret-of-the-provider' };
  const credentials = { ...client, token: 'contract-token-of-the-provider' };
  const app = await serveApp(createScim({ accounts: contractAccounts(25), credentials }));
  return {
    app,
    settings: {
      baseUrl: app.origin + basePath,
      auth: 'oauth',
      tokenUrl: app.origin + tokenPath,
      ...client,
    },
    // By default the unit's code is not kept: an app that keeps it says where.
    extraSettings: { unitCodeAt: 'organization' },
  };
};
