import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import type {
  AppHealth,
  Exchange,
  Finding,
  ProvisioningTask,
  Reconciliation,
  StaffAccount,
} from '#schemas/provisioning.ts';

const page = {
  cursor: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
};

/** Accounts of people in apps: tasks, dead letters, reconciliation, tracing. */
export const provisioningCommands = {
  'provisioning.accounts-of': command<StaffAccount[]>()(Type.Object({ staffId: Type.String() })),
  'provisioning.tasks': command<{ items: ProvisioningTask[]; next?: string }>()(
    Type.Object({
      app: Type.Optional(Type.String()),
      state: Type.Optional(Type.String()),
      staffId: Type.Optional(Type.String()),
      ...page,
    }),
  ),
  'provisioning.dead-letters': command<{ items: (ProvisioningTask & { id: string })[]; next?: string }>()(
    Type.Object({ app: Type.Optional(Type.String()), code: Type.Optional(Type.String()), ...page }),
  ),
  /** Puts dead or held tasks back to work: one by id, or all that the filter names. */
  'provisioning.replay': command<{ replayed: number }>()(
    Type.Object({
      id: Type.Optional(Type.String()),
      app: Type.Optional(Type.String()),
      code: Type.Optional(Type.String()),
      state: Type.Optional(Type.String({ enum: ['dead', 'held'] })),
      actor: Type.String(),
    }),
  ),
  'provisioning.health': command<AppHealth[]>()(Type.Object({})),
  /** Starts a comparison of one app with the register; changes nothing. */
  'provisioning.reconcile': command<Reconciliation>()(
    Type.Object({ app: Type.String(), actor: Type.String() }),
  ),
  'provisioning.reconciliations': command<Reconciliation[]>()(
    Type.Object({ app: Type.Optional(Type.String()) }),
  ),
  'provisioning.reconciliation': command<Reconciliation>()(Type.Object({ id: Type.String() })),
  'provisioning.findings': command<{ items: Finding[]; next?: string }>()(
    Type.Object({ id: Type.String(), kind: Type.Optional(Type.String()), ...page }),
  ),
  /**
   * Mends by choice: all findings of some kinds, or single ones. Stops with `plan-needs-confirmation`
   * before anything is written when more accounts would be disabled than the app's guard allows;
   * repeat with `confirm` set to the token of that error.
   */
  'provisioning.fix': command<{ queued: number }>()(
    Type.Object({
      id: Type.String(),
      kinds: Type.Optional(Type.Array(Type.String())),
      findingIds: Type.Optional(Type.Array(Type.Integer())),
      confirm: Type.Optional(Type.String()),
      actor: Type.String(),
    }),
  ),
  /** Calls made to apps, newest first. */
  'provisioning.exchanges': command<{ items: Exchange[]; next?: string }>()(
    Type.Object({
      id: Type.Optional(Type.String()),
      staffId: Type.Optional(Type.String()),
      app: Type.Optional(Type.String()),
      outcome: Type.Optional(Type.String()),
      ...page,
    }),
  ),
  /**
   * Takes over accounts that exist already as linked and in step (first connection of apps). Links of several
   * apps to the same people cost one reading of the people.
   */
  'provisioning.adopt': command<{ adopted: number }>()(
    Type.Object({
      links: Type.Array(
        Type.Object({
          app: Type.String(),
          staffId: Type.String(),
          externalId: Type.String(),
          enabled: Type.Boolean(),
        }),
        { maxItems: 10_000 },
      ),
    }),
  ),
  /** Moves the fan-out to the end of the log: what happened so far counts as delivered (first load only). */
  'provisioning.start-from-now': command<{ ok: true }>()(Type.Object({})),
};
