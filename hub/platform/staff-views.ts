import type { Call } from '#hub/platform/calls.ts';
import { entitledAttributes } from '#hub/platform/entitled-attributes.ts';
import { createEventViewers } from '#hub/platform/events/event-viewers.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import { isInScope, type UnitParents } from '#hub/platform/unit-scope.ts';
import type { Staff } from '#schemas/staff.ts';

/** What the app of a client may see of the register. */
export interface StaffView {
  app: string;
  /** Attributes of the register. */
  names: ReadonlySet<string>;
  /** The units whose people it sees, with those below them; undefined: the whole province. */
  unitIds: string[] | undefined;
  parents: UnitParents;
}

/**
 * Makes the views of callers by the rules of the events, at most two seconds old. Undefined for a client of no app:
 * it sees the whole register, as far as its scopes go.
 *
 * @throws {AppError} `unknown-app` when the app is switched off (by the returned function)
 */
export const createStaffViews = (call: Call): ((caller: Caller) => Promise<StaffView | undefined>) => {
  const viewers = createEventViewers(call);
  return async caller => {
    if (caller.appId === undefined) return undefined;
    const { entitlement, salary, parents } = await viewers.ofCaller(caller);
    return {
      app: caller.appId,
      names: entitledAttributes(entitlement, salary),
      unitIds: entitlement.unitIds,
      parents,
    };
  };
};

/** Whether the person, or what they were in a version, lies in what the view covers. */
export const seesPerson = (
  view: StaffView | undefined,
  staff: Pick<Staff, 'unitId' | 'positions'>,
): boolean => view === undefined || isInScope(staff, view.unitIds, view.parents);
