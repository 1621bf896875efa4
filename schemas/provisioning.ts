import { type Static, Type } from 'typebox';

/** The work of bringing one person's account in one app up to date. */
export const ProvisioningTask = Type.Object({
  app: Type.String(),
  staffId: Type.String(),
  /** `held`: the disable guard stopped it and asks; `dead`: given up, waits for a person. */
  state: Type.String({ enum: ['ready', 'leased', 'done', 'dead', 'held'] }),
  attempts: Type.Integer(),
  dueAt: Type.String(),
  changedAt: Type.String(),
  doneAt: Type.Optional(Type.String()),
  error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
});
export type ProvisioningTask = Static<typeof ProvisioningTask>;

/** A person's account in an app: what the hub last gave and what the app answered. */
export const StaffAccount = Type.Object({
  app: Type.String(),
  staffId: Type.String(),
  externalId: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  given: Type.Record(Type.String(), Type.Unknown()),
  state: Type.String({ enum: ['linked', 'disputed', 'none'] }),
  updatedAt: Type.String(),
  task: Type.Optional(ProvisioningTask),
});
export type StaffAccount = Static<typeof StaffAccount>;

export const findingKinds = ['missing', 'orphan', 'different', 'disputed'] as const;

/** One difference between an app and the register. */
export const Finding = Type.Object({
  id: Type.Integer(),
  kind: Type.String({ enum: [...findingKinds] }),
  staffId: Type.Optional(Type.String()),
  /** The person as the register knows them now. */
  person: Type.Optional(Type.Object({ code: Type.String(), name: Type.String() })),
  externalId: Type.Optional(Type.String()),
  /** For `orphan` and `disputed`: whose the account is, as far as the app tells. */
  account: Type.Optional(
    Type.Object({
      code: Type.Optional(Type.String()),
      username: Type.Optional(Type.String()),
      name: Type.Optional(Type.String()),
    }),
  ),
  /** For `different`: attribute → what the app has and what it should have. Values the caller may see. */
  differences: Type.Optional(
    Type.Record(Type.String(), Type.Object({ app: Type.Unknown(), register: Type.Unknown() })),
  ),
  detail: Type.Optional(Type.String()),
  /** What would be done, and whether it has been. */
  action: Type.Optional(Type.String({ enum: ['create', 'update', 'disable', 'relink', 'none'] })),
  state: Type.String({ enum: ['open', 'chosen', 'done', 'ignored'] }),
});
export type Finding = Static<typeof Finding>;

/** One comparison of an app with the register. */
export const Reconciliation = Type.Object({
  id: Type.String(),
  app: Type.String(),
  state: Type.String({ enum: ['running', 'done', 'failed', 'fixing', 'fixed'] }),
  startedAt: Type.String(),
  finishedAt: Type.Optional(Type.String()),
  counts: Type.Record(Type.String(), Type.Integer()),
  error: Type.Optional(Type.String()),
});
export type Reconciliation = Static<typeof Reconciliation>;

/** One call to an app, for tracing. */
export const Exchange = Type.Object({
  id: Type.String(),
  app: Type.String(),
  port: Type.String(),
  method: Type.String(),
  staffId: Type.Optional(Type.String()),
  outcome: Type.String(),
  errorCode: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
  externalId: Type.Optional(Type.String()),
  durationMs: Type.Integer(),
  at: Type.String(),
});
export type Exchange = Static<typeof Exchange>;

/** What the IT centre sees of an app at a glance. */
export interface AppHealth {
  app: string;
  /** `unfiled`: people whom an app that makes no accounts does not know yet; they count in no other state. */
  queue: { ready: number; leased: number; dead: number; held: number; unfiled: number };
  oldestReadyAt?: string;
  lastSuccessAt?: string;
  lastErrorAt?: string;
  lastError?: { code: string; message: string };
  accounts: number;
}
