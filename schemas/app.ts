import { type Static, Type } from 'typebox';
import { GuardSettings } from '#schemas/connector.ts';
import { eventNames } from '#schemas/event.ts';
import { AppSignOn } from '#schemas/sign-on.ts';

/** What an app may see, and why. An attribute that is not listed never reaches it. */
export const Entitlement = Type.Object({
  /** Recorded purpose of the release (Decree 13/2023/NĐ-CP; Decree 278/2025/NĐ-CP). */
  purpose: Type.String({ minLength: 1, maxLength: 500 }),
  attributes: Type.Array(Type.String()),
  /** Only people of these units and below; absent: the whole province. */
  unitIds: Type.Optional(Type.Array(Type.String({ format: 'uuid' }))),
  /** Only events of these types (`staff.joined`); absent: all that the attributes allow. */
  eventTypes: Type.Optional(Type.Array(Type.String({ enum: [...eventNames] }))),
});
export type Entitlement = Static<typeof Entitlement>;

/** How many accounts one plan may disable before it stops and asks. */
export const DisableGuard = Type.Object({
  maxAccounts: Type.Integer({ minimum: 0, default: 50 }),
  maxPercent: Type.Number({ minimum: 0, maximum: 100, default: 5 }),
});
export type DisableGuard = Static<typeof DisableGuard>;

/** An app of the province as the hub knows it. Secrets in `settings` are sealed and never shown. */
export const App = Type.Object({
  id: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
  name: Type.String(),
  owner: Type.String(),
  /** The connector folder that speaks with it; absent for apps that only subscribe. */
  connector: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  entitlement: Entitlement,
  /** JSONata expressions over the staff record, by account attribute or vendor field (ADR 0006). */
  mapping: Type.Record(Type.String(), Type.String({ maxLength: 4000 })),
  guard: Type.Partial(GuardSettings),
  disableGuard: DisableGuard,
  /** The connector's own settings (its `config.schema.json`); secrets read as "…". */
  settings: Type.Record(Type.String(), Type.Unknown()),
  /** How people open it; absent: they do not open it through the sign-on. */
  signOn: Type.Optional(AppSignOn),
});
export type App = Static<typeof App>;

/** Every scope that a token may carry (design: Public surface). */
export const scopes = [
  'hr.read',
  'hr.write',
  'hr.salary',
  'events.read',
  'subscriptions.manage',
  'scim',
  'signing.request',
  'signing.sign',
  'signing.verify',
  'documents.exchange',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];
