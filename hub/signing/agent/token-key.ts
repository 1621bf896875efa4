import type { Database } from '#hub/platform/database.ts';
import type { FileFormat } from '#hub/signing/request-store.ts';
import { findAccount, type SigningRoute } from '#hub/signing/route-store.ts';
import type { Holder } from '#hub/signing/signers/signer.ts';
import type { ChosenKey } from '#hub/signing/step-store.ts';

/** What is known of a key on a token before it has signed: nothing but that its holder must be there with it. */
const unseen: ChosenKey['credential'] = {
  id: 'token',
  certificate: '',
  chain: [],
  status: 'active',
  asks: ['token'],
  maxHashes: 1,
};

/** The key on the holder's token; undefined: they have none by this route, or the agent cannot sign such a file. */
export const tokenKey = async (
  db: Database,
  { id }: Pick<SigningRoute, 'id'>,
  holder: Holder & { format?: FileFormat | undefined },
): Promise<ChosenKey | undefined> => {
  if ((holder.format ?? 'pdf') !== 'pdf') return undefined;
  const userId = await findAccount(db, id, holder);
  return userId === undefined ? undefined : { route: id, userId, credential: unseen };
};

export const isOnToken = ({ credential }: Pick<ChosenKey, 'credential'>): boolean =>
  credential.asks.includes('token');
