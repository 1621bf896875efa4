import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import {
  type Staff,
  type StaffAccount,
  type StaffCandidate,
  StaffChange,
  type StaffOutcome,
  type StaffVersion,
} from '#schemas/staff.ts';
import { type StaffCondition, type StaffOrder, type StaffPage, staffOrders } from '#schemas/staff-query.ts';

/** The staff register. */
export const staffCommands = {
  'staff.get': command<Staff>()(Type.Object({ id: Type.String({ format: 'uuid' }) })),
  /** A person by id or by user name, as far as a sign-in needs them; undefined when there is none. */
  'staff.account': command<StaffAccount | undefined>()(
    Type.Union([
      Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
      Type.Object({ username: Type.String() }, { additionalProperties: false }),
    ]),
  ),
  /** Several people at once, in no order; unknown ids are absent. */
  'staff.snapshots': command<Staff[]>()(Type.Object({ ids: Type.Array(Type.String()) })),
  /**
   * By name (accents or not), staff code or user name; Vietnamese order; opaque cursor. With `seen` as an app finds
   * them: people who hold a post in its units or below; found and sorted only by what it may see.
   */
  'staff.search': command<{ items: Staff[]; next?: string }>()(
    Type.Object({
      q: Type.Optional(Type.String({ maxLength: 100 })),
      unitId: Type.Optional(Type.String()),
      /** With the units below it. */
      subtree: Type.Optional(Type.Boolean()),
      status: Type.Optional(Type.String({ enum: ['active', 'suspended', 'left'] })),
      seen: Type.Optional(
        Type.Object({
          attributes: Type.Array(Type.String()),
          unitIds: Type.Optional(Type.Array(Type.String())),
        }),
      ),
      cursor: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
  ),
  /**
   * People for whom a condition holds, in an order, by number (`offset`) or by place (`after`, from `next`).
   * `limit: 0` only counts; `total: false` does not count.
   */
  'staff.find': command<StaffPage>()(
    Type.Object({
      where: Type.Unsafe<StaffCondition>({ type: 'object' }),
      order: Type.Optional(Type.Unsafe<StaffOrder>({ type: 'string', enum: [...staffOrders] })),
      descending: Type.Optional(Type.Boolean()),
      offset: Type.Optional(Type.Integer({ minimum: 0 })),
      after: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 3 })),
      limit: Type.Integer({ minimum: 0, maximum: 1000 }),
      total: Type.Optional(Type.Boolean()),
    }),
  ),
  /** Who holds a post in each of these units and has not left: in number, and by a mark that changes with them. */
  'staff.unit-members': command<Record<string, { count: number; mark: string }>>()(
    Type.Object({ unitIds: Type.Array(Type.String({ format: 'uuid' })) }),
  ),
  'staff.history': command<StaffVersion[]>()(Type.Object({ id: Type.String() })),
  /** Who each record may speak of: by citizen number, staff code, or name with birth date or year. */
  'staff.candidates': command<StaffCandidate[][]>()(
    Type.Object({
      keys: Type.Array(
        Type.Object({
          citizenNumber: Type.Optional(Type.String()),
          code: Type.Optional(Type.String()),
          name: Type.String(),
          birthDate: Type.Optional(Type.String()),
          birthYear: Type.Optional(Type.Integer()),
        }),
      ),
    }),
  ),
  /**
   * Applies up to 1,000 changes in one transaction, with their versions and events. Each is created,
   * changed, left unchanged or refused on its own; an origin seen before answers as it did then.
   * `dryRun` tells the same and writes nothing.
   */
  'staff.apply': command<StaffOutcome[]>()(
    Type.Object({
      changes: Type.Array(StaffChange, { maxItems: 1000 }),
      source: Type.String(),
      actor: Type.String(),
      dryRun: Type.Optional(Type.Boolean()),
    }),
  ),
  /** The mail address that the mail software confirmed (owner: mail). */
  'staff.confirm-email': command<{ changed: number }>()(
    Type.Object({
      addresses: Type.Array(Type.Object({ staffId: Type.String(), email: Type.String() })),
      source: Type.String(),
    }),
  ),
  /** The most common length of the staff codes in the register, for codes that lost leading zeros. */
  'staff.code-width': command<{ width?: number }>()(Type.Object({})),
  /** Numbers of people: all, and by status; per unit when asked. */
  'staff.counts': command<{ total: number; active: number; byUnit?: Record<string, number> }>()(
    Type.Object({ byUnit: Type.Optional(Type.Boolean()) }),
  ),
};
