import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { Call } from '#schemas/calls.ts';

/** Who asks over HTTP, with the name that people read: of a person from the register, of a program its id. */
export const nameCaller = async (
  call: Call,
  caller: Caller,
): Promise<{ actor: string; actorName: string }> => {
  const actor = actorOf(caller);
  if (caller.staffId === undefined) return { actor, actorName: caller.clientId };
  const { name } = await call('staff.get', { id: caller.staffId });
  return { actor, actorName: name };
};
