import { errors, type FindAccount } from 'oidc-provider';
import type { Database } from '#hub/platform/database.ts';
import { registerOf } from '#sso/provider/find-account.ts';
import { factsOf } from '#sso/request-facts.ts';
import type { Judge } from '#sso/zones/access.ts';
import { noteRefusal } from '#sso/zones/note-refusal.ts';

/** Kept by people's devices, and used where no sign-in policy runs. */
const guarded = new Set(['RefreshToken', 'DeviceCode']);

/**
 * Judges once more when the account behind a refresh token or a device's code is looked up: a token from the province's
 * network opens nothing from the Internet that a sign-in there would not. A refused refresh token stays good at home; a
 * device begins anew.
 */
export const guardTokens =
  (find: FindAccount, { judge, db }: { judge: Judge; db: Database }): FindAccount =>
  async (ctx, staffId, token) => {
    const { kind, amr = [] } = (token ?? {}) as { kind?: string; amr?: string[] };
    if (kind !== undefined && guarded.has(kind)) {
      const facts = factsOf(ctx.req);
      const client = registerOf(ctx.oidc.client);
      const verdict = await judge({ zone: facts.zone, client, person: { staffId, amr } });
      if (verdict.outcome !== 'allowed') {
        await noteRefusal(db, facts, { verdict, clientId: client?.clientId, staffId, at: 'token' });
        throw new errors.InvalidGrant('it may not be used from here');
      }
    }
    return find(ctx, staffId, token);
  };
