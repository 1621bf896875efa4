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

/** `failure` is a code for the IT centre: `timed-out`, `unreachable`, `status-500`. */
export type LogoutOutcome = 'told' | { failure: string };

/** Tells an app, at the address that it opened the session with, that the session is over. Never rejects. */
const postLogout = async (service: string, ticket: string): Promise<LogoutOutcome> => {
  try {
    const answer = await fetch(service, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
      body: new URLSearchParams({ logoutRequest: logoutRequest(ticket) }),
    });
    await answer.body?.cancel();
    // Many apps end the session and then send whoever asked to the sign-in.
    return answer.status < 400 ? 'told' : { failure: `status-${answer.status}` };
  } catch (error) {
    return { failure: (error as Error).name === 'TimeoutError' ? 'timed-out' : 'unreachable' };
  }
};

/**
 * Ends all sessions that a sign-in has in an app. What was delivered is forgotten, so that a second call tells only what
 * is left. The failure is that of one of them.
 */
export const endCasSessions = async (
  { db, secrets }: { db: Database; secrets: Secrets },
  { uid, appId }: { uid: string; appId: string },
): Promise<LogoutOutcome> => {
  for (;;) {
    const sessions = await casSessionsOf(db, uid, appId, mostSessions);
    const outcomes = await Promise.all(
      sessions.map(async ({ ticketHash, service, sealedTicket }) => {
        const outcome = await postLogout(service, secrets.open(purpose, sealedTicket));
        if (outcome === 'told') await removeCasSession(db, ticketHash);
        return outcome;
      }),
    );
    const failure = outcomes.find(outcome => outcome !== 'told');
    // What was not told is left; the notice comes again.
    if (failure !== undefined || sessions.length < mostSessions) return failure ?? 'told';
  }
};

/**
 * Tells a CAS app of the ends that a notice is about: `detail` names the sign-ins, as they were noted when they opened the
 * app (`validateTicket`).
 */
export const createCasLogout =
  (deps: { db: Database; secrets: Secrets }) =>
  async ({
    appId,
    detail,
  }: {
    appId: string | null;
    detail: Record<string, unknown>[];
  }): Promise<LogoutOutcome> => {
    if (appId === null) return 'told';
    const uids = [...new Set(detail.map(({ uid }) => String(uid)))];
    const outcomes = await Promise.all(uids.map(uid => endCasSessions(deps, { uid, appId })));
    return outcomes.find(outcome => outcome !== 'told') ?? 'told';
  };
