import { Type } from 'typebox';
import { App } from '#schemas/app.ts';
import { command } from '#schemas/command.ts';
import { ClientSignOn, type SignOnClient } from '#schemas/sign-on.ts';

/** The apps of the province, their entitlements and their clients. */
export const appCommands = {
  'apps.list': command<App[]>()(Type.Object({})),
  'apps.get': command<App>()(Type.Object({ id: Type.String() })),
  /**
   * Registers or changes an app. What is absent keeps its value; a secret setting given as "…" too. A new
   * app needs name, owner and entitlement, and is switched off unless `enabled` is given. `secretKeys` are
   * JSON pointers of the settings that are secret (`/password`); without them names decide (password,
   * secret, key, token).
   */
  'apps.put': command<App>()(
    Type.Object({
      app: Type.Intersect([Type.Pick(App, ['id']), Type.Partial(App)]),
      secretKeys: Type.Optional(Type.Array(Type.String())),
      actor: Type.String(),
    }),
  ),
  /** Internal: the settings of an app's connector with secrets opened, and its guard. */
  'apps.connector-settings': command<{
    enabled: boolean;
    settings: Record<string, unknown>;
    guard: App['guard'];
  }>()(Type.Object({ connector: Type.String() })),
  /** Internal: one setting of an app, opened, for a part that must prove itself to the app; absent when it is not set. */
  'apps.secret-setting': command<{ value?: string }>()(
    Type.Object({ id: Type.String(), name: Type.String() }),
  ),
  /** Makes a client of the token endpoint. The secret is answered once and kept only as a hash. */
  'apps.create-client': command<{ clientId: string; clientSecret: string }>()(
    Type.Object({
      clientId: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{3,60}$' })),
      appId: Type.Optional(Type.String()),
      scopes: Type.Array(Type.String()),
      signOn: Type.Optional(ClientSignOn),
      actor: Type.String(),
    }),
  ),
  /** A client as the sign-on needs it; undefined when there is none, or it is disabled. Internal: it tells hashes. */
  'apps.sign-on-client': command<SignOnClient | undefined>()(Type.Object({ clientId: Type.String() })),
  /** Changes how people sign in through an app's client; null: no longer. */
  'apps.set-client-sign-on': command<void>()(
    Type.Object({
      appId: Type.String(),
      clientId: Type.String(),
      signOn: Type.Union([ClientSignOn, Type.Null()]),
      actor: Type.String(),
      requestId: Type.Optional(Type.String()),
    }),
  ),
};
