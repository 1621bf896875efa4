import type { PartContext } from '#hub/platform/part.ts';
import type { FailureCounter } from '#sso/accounts/failure-counter.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';

/** What everything about accounts needs. */
export interface AccountDeps {
  context: PartContext;
  hasher: PasswordHasher;
  failures: FailureCounter;
}
