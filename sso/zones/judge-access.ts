import type { AppSignOn, StaffRole, Zone } from '#schemas/sign-on.ts';
import { hasSecondFactor } from '#sso/provider/acr.ts';
import type { WantedAcr } from '#sso/zones/wanted-acr.ts';

/** Who wants to go where, from where. */
interface Approach {
  zone: Zone;
  /** How the app is opened; null for a client that belongs to none. `own` are the sign-on's own pages. */
  app: AppSignOn | 'own' | null;
  wanted: WantedAcr;
  /** Undefined: nobody has shown who they are yet. */
  person: { roles: readonly StaffRole[]; amr: string[] } | undefined;
}

/** Why signing in, however well, cannot help. */
export type Refusal = 'app-not-on-internet' | 'no-internet-right' | 'unknown-acr';

export type Verdict =
  | { outcome: 'allowed' }
  | { outcome: 'second-factor' }
  | { outcome: 'refused'; reason: Refusal };

const refused = (reason: Refusal): Verdict => ({ outcome: 'refused', reason });

/**
 * The one rule of who may open what from where: from the Internet only what is marked for it, by people who have the
 * right, with a second factor; elsewhere with one where the app or its request asks for it. Somebody unknown is only
 * refused what nobody could have.
 */
export const judgeAccess = ({ zone, app, wanted, person }: Approach): Verdict => {
  const ofApp = app === 'own' ? { internet: true, secondFactor: false } : (app ?? {});
  if (wanted === 'unknown') return refused('unknown-acr');
  if (zone === 'internet' && ofApp.internet !== true) return refused('app-not-on-internet');
  if (person === undefined) return { outcome: 'allowed' };
  if (zone === 'internet' && !person.roles.includes('internet')) return refused('no-internet-right');
  const demanded = zone === 'internet' || ofApp.secondFactor === true || wanted === 'second-factor';
  return demanded && !hasSecondFactor(person.amr) ? { outcome: 'second-factor' } : { outcome: 'allowed' };
};
