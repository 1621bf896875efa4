import type { Context } from 'koa';
import type { Database } from '#hub/platform/database.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { signInFor } from '#sso/bridge/sign-in-for.ts';
import { listFactors } from '#sso/factors/factor-store.ts';
import { freshSeconds, isFresh } from '#sso/factors/fresh-proof.ts';
import { acr, hasSecondFactor } from '#sso/provider/acr.ts';
import type { BrowserSession } from '#sso/sessions/signed-in.ts';

/**
 * Whether a session was proven lately, with a second factor if its person has one; else the answer leads to where that is
 * renewed, and then to `returnTo`. A browser that was left open changes nothing, nor does a password alone.
 */
export const isProven = async (
  { bridge, db }: { bridge: Bridge; db: Database },
  ctx: Context,
  session: BrowserSession,
  { returnTo, seconds = freshSeconds }: { returnTo: string; seconds?: number },
): Promise<boolean> => {
  const hasFactors = (await listFactors(db, session.staffId)).length > 0;
  if (isFresh(session.authTime, seconds) && (!hasFactors || hasSecondFactor(session.amr))) return true;
  const strong: Record<string, string> = hasFactors ? { acr_values: acr.secondFactor } : {};
  signInFor(bridge, ctx, returnTo, { max_age: String(freshSeconds), ...strong });
  return false;
};
