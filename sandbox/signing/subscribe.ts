import type { SigningHolder } from '#sandbox/kit/signing-holders.ts';
import type { Call } from '#schemas/calls.ts';

/** Gives somebody a key at the played SmartCA; what they had there before is revoked. */
export const subscribe = async (origin: string, subscriber: SigningHolder): Promise<void> => {
  const body = JSON.stringify({ issue: subscriber });
  const answer = await fetch(`${origin}/_actions`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`the played SmartCA answered ${answer.status}: ${await answer.text()}`);
};

/** SmartCA comes first for who has an account there; in trouble the province's own service may stand in, for 30 days. */
export const preferSmartca = async (call: Call, staffId: string, userId: string): Promise<void> => {
  const by = { enabled: true, actor: 'sandbox' };
  const smartca = { id: 'smartca', name: 'VNPT SmartCA', connector: 'smartca' };
  await call('signing.put-route', { ...by, ...smartca, kind: 'connector', priority: 10 });
  await call('signing.put-account', { routeId: 'smartca', staffId, userId, actor: 'sandbox' });
  const rules = { temporaryDays: 30 };
  await call('signing.put-route', { ...by, id: 'embedded', kind: 'embedded', priority: 100, rules });
};
