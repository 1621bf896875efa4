import type { StaffAccount } from '#schemas/staff.ts';
import type { CasDeps } from '#sso/cas/cas-deps.ts';
import type { CasTicket } from '#sso/cas/cas-store.ts';

/** Whose ticket this is, while their session lasts and they may sign in; else undefined. */
export const personOfTicket = async (
  { context, provider }: CasDeps,
  { uid, staffId }: CasTicket,
): Promise<StaffAccount | undefined> => {
  const { Session } = await provider();
  const session = await Session.findByUid(uid);
  if (session?.accountId !== staffId) return undefined;
  const staff = await context.call('staff.account', { id: staffId });
  return staff?.status === 'active' ? staff : undefined;
};
