import { serveApp } from '#sandbox/kit/app-server.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createMysign } from './mysign.ts';

export const startForContract: StartForContract = async () => {
  const userId = 'CMT_046080001234';
  const credentials = { clientId: 'lien-thong', clientSecret: 'contract-secret-of-mysign' };
  const player = await createMysign({
    holders: [{ userId, name: 'Trần Thị Bình' }],
    credentials,
  });
  const app = await serveApp(player);
  return {
    app,
    settings: { baseUrl: app.origin, ...credentials, testUser: userId },
    signer: { userId, asked: player.asked },
  };
};
