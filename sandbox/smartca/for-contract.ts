import { serveApp } from '#sandbox/kit/app-server.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { basePath, createSmartca } from './smartca.ts';

export const startForContract: StartForContract = async () => {
  const userId = '046080001234';
  const credentials = { spId: 'lien-thong.apps.example', spPassword: 'contract-secret-of-smartca' };
  const player = await createSmartca({ holders: [{ userId, name: 'Trần Thị Bình' }], credentials });
  const app = await serveApp(player);
  return {
    app,
    settings: { baseUrl: app.origin + basePath, ...credentials, testUser: userId },
    signer: { userId, asked: player.asked },
  };
};
