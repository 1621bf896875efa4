import { serveApp } from '#sandbox/kit/app-server.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createCscSigner, tokenPath } from './csc-signer.ts';

/** By PIN and a one-time code; specs start the other kinds themselves. */
export const startForContract: StartForContract = async () => {
  const holder = { userId: 'binh.tt', pin: '24681357', otp: '112233' };
  const credentials = { clientId: 'lien-thong', clientSecret: 'contract-secret-of-csc' };
  const player = await createCscSigner({
    version: '2',
    holders: [{ ...holder, name: 'Trần Thị Bình', asks: 'pin' }],
    credentials,
    multisign: 50,
  });
  const app = await serveApp(player);
  return {
    app,
    settings: {
      baseUrl: `${app.origin}/csc/v2`,
      tokenUrl: app.origin + tokenPath,
      ...credentials,
      testUser: holder.userId,
    },
    signer: { ...holder, asked: player.asked },
  };
};
