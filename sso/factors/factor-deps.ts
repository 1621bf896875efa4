import type { Call } from '#hub/platform/calls.ts';
import type { Database } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { RelyingParty } from '#sso/factors/passkeys.ts';

/** What everything about second factors needs. */
export interface FactorDeps {
  db: Database;
  call: Call;
  secrets: Secrets;
  /** Undefined: at this address browsers make no passkeys. */
  relyingParty: RelyingParty | undefined;
}
