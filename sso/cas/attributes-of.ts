import type { Validated } from '#sso/cas/validate-ticket.ts';
import { claimsFor } from '#sso/provider/find-account.ts';

/** What an app may know of a person by its entitlement, and how and when they signed in (CAS Protocol 3.0.3 §2.5.7). */
export const attributesOf = ({ staff, client, ticket }: Validated): Record<string, string> => ({
  authenticationDate: ticket.authTime.toISOString(),
  isFromNewLogin: String(ticket.fresh),
  longTermAuthenticationRequestTokenUsed: 'false',
  ...Object.fromEntries(
    Object.entries(claimsFor(staff, client)).map(([claim, value]) => [claim, String(value)]),
  ),
});
