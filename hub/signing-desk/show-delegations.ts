import type { Call } from '#hub/platform/calls.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { isUsedUp, tellLimits } from '#hub/signing-desk/tell-limits.ts';
import { tellDay } from '#hub/signing-desk/tell-time.ts';
import type { Delegation } from '#schemas/signing.ts';

/** A period in which somebody decides for somebody else, in words. */
interface ShownDelegation {
  id: string;
  name: string;
  period: string;
  state: string;
  /** What it is limited to. */
  limits: string[];
  /** As much was decided today as may be. */
  isUsedUp: boolean;
  /** Over, or ended before its time. */
  isOver: boolean;
}

/** Those that a person gave, and those that they were given and that still count. */
export const showDelegations = async (
  call: Call,
  {
    delegations,
    apps,
    staffId,
    language,
  }: { delegations: Delegation[]; apps: { id: string; name: string }[]; staffId: string; language: Language },
): Promise<{ given: ShownDelegation[]; received: ShownDelegation[] }> => {
  const ids = [...new Set(delegations.flatMap(one => [one.staffId, one.toStaffId]))];
  const names = new Map((await call('staff.snapshots', { ids })).map(({ id, name }) => [id, name]));
  const now = today();
  const appName = (id: string): string => apps.find(app => app.id === id)?.name ?? id;
  const show = (one: Delegation, other: string): ShownDelegation => {
    const { id, from, until, ended } = one;
    const state = ended ? 'ended' : until < now ? 'over' : from > now ? 'to-come' : 'now';
    return {
      id,
      name: names.get(other) ?? '',
      period: say(language, 'signing-desk.delegations.period', {
        from: tellDay(from, language),
        until: tellDay(until, language),
      }),
      state: say(language, `signing-desk.delegations.state.${state}`),
      limits: tellLimits(one, appName, language),
      isUsedUp: state === 'now' && isUsedUp(one),
      isOver: state === 'ended' || state === 'over',
    };
  };
  return {
    given: delegations.filter(one => one.staffId === staffId).map(one => show(one, one.toStaffId)),
    received: delegations
      .filter(one => one.toStaffId === staffId)
      .map(one => show(one, one.staffId))
      .filter(({ isOver }) => !isOver),
  };
};
