import { randomUUID } from 'node:crypto';
import { XMLBuilder } from 'fast-xml-parser';
import type { Database } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import { casSessionsOf, removeCasSession } from '#sso/cas/cas-session-store.ts';

const purpose = 'cas-session-ticket';
const answerMs = 5_000;
/** Of one sign-in in one app: more are an app that signs in at every page. */
const mostSessions = 50;

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

/** The ticket as it must be shown to the app again: the SessionIndex is what it knows its session by. */
export const sealTicket = (secrets: Secrets, ticket: string): Buffer => secrets.seal(purpose, ticket);

/** SAML 2.0 LogoutRequest as CAS has it (CAS Protocol 3.0.3 §2.3.3): apps look at the SessionIndex alone. */
const logoutRequest = (ticket: string): string =>
  builder.build({
    'samlp:LogoutRequest': {
      '@xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol',
      '@ID': `LR-${randomUUID()}`,
      '@Version': '2.0',
      '@IssueInstant': new Date().toISOString(),
      'saml:NameID': { '@xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion', '#text': '@NOT_USED@' },
      'samlp:SessionIndex': ticket,
    },
  });

/**
 * Tells an app, at the address that it opened the session with, that the session is over.
 *
 * @throws {Error} when it cannot be reached within 5 s, or answers with anything but 2xx or 3xx
 */
const postLogout = async (service: string, ticket: string): Promise<void> => {
  const answer = await fetch(service, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMs),
    body: new URLSearchParams({ logoutRequest: logoutRequest(ticket) }),
  });
  await answer.body?.cancel();
  if (answer.status >= 400) throw new Error(`the app answered ${answer.status}`);
};

/**
 * Ends all sessions that a sign-in has in an app. What was delivered is forgotten, so that a second call tells only what
 * is left.
 *
 * @throws {AggregateError} when the app could not be told of each
 */
export const endCasSessions = async (
  { db, secrets }: { db: Database; secrets: Secrets },
  { uid, appId }: { uid: string; appId: string },
): Promise<void> => {
  const sessions = await casSessionsOf(db, uid, appId, mostSessions);
  const told = await Promise.allSettled(
    sessions.map(async ({ ticketHash, service, sealedTicket }) => {
      await postLogout(service, secrets.open(purpose, sealedTicket));
      await removeCasSession(db, ticketHash);
    }),
  );
  const failed = told.filter(one => one.status === 'rejected').map(({ reason }) => reason as unknown);
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} sessions are still open`);
};
