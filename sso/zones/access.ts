import type { SignOnClient, StaffRole, Zone } from '#schemas/sign-on.ts';
import { pagesClient } from '#sso/bridge/own-clients.ts';
import { judgeAccess, type Verdict } from '#sso/zones/judge-access.ts';
import type { WantedAcr } from '#sso/zones/wanted-acr.ts';

/** A request as it is judged; `person` is who has shown who they are, by a sign-in, a session or a token. */
interface Asking {
  zone: Zone;
  client: SignOnClient | undefined;
  wanted?: WantedAcr;
  person: { staffId: string; amr: string[] } | undefined;
}

/** Judges with what is known of the person now: a right that is taken away counts at the next request. */
export type Judge = (asking: Asking) => Promise<Verdict>;

export const createJudge =
  (rolesOf: (staffId: string) => Promise<StaffRole[]>): Judge =>
  async ({ zone, client, wanted = 'any', person }) => {
    // Only from the Internet does a role decide.
    const roles = zone === 'internet' && person !== undefined ? await rolesOf(person.staffId) : [];
    return judgeAccess({
      zone,
      app: client?.clientId === pagesClient ? 'own' : (client?.app?.signOn ?? null),
      wanted,
      person: person && { roles, amr: person.amr },
    });
  };
