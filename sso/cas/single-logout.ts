import { randomUUID } from 'node:crypto';
import { XMLBuilder } from 'fast-xml-parser';
import type { Database } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import { type CasSession, casSessionsOf, removeCasSession } from '#sso/cas/cas-session-store.ts';
import type { LogoutOutcome, LogoutSender } from '#sso/leaving/logout-sender.ts';
import { postLogout } from '#sso/leaving/post-logout.ts';

const purpose = 'cas-session-ticket';
/** An app that signs in at every page has many. */
const atOnce = 50;

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

/** Many apps end the session and then send whoever asked to the sign-in. */
const takes = (status: number): boolean => status < 400;

/**
 * Tells a CAS app of the ends that a notice is about: `detail` names the sign-ins, as they were noted when they opened the
 * app (`validateTicket`). What was told is forgotten, so that the next attempt tells only what is left; few at a time.
 */
export const createCasLogout =
  ({ db, secrets }: { db: Database; secrets: Secrets }): LogoutSender =>
  async ({ appId, detail }) => {
    const uids = [...new Set(detail.map(({ uid }) => String(uid)))];
    const tell = async ({ ticketHash, service, sealedTicket }: CasSession): Promise<LogoutOutcome> => {
      const ticket = secrets.open(purpose, sealedTicket);
      const outcome = await postLogout(service, { logoutRequest: logoutRequest(ticket) }, takes);
      if (outcome === 'told') await removeCasSession(db, ticketHash);
      return outcome;
    };
    if (uids.length === 0 || appId === null) return 'not-wanted';
    for (;;) {
      const sessions = await casSessionsOf(db, { uids, appId, limit: atOnce });
      if (sessions.length === 0) return 'told';
      const failure = (await Promise.all(sessions.map(tell))).find(one => one !== 'told');
      if (failure !== undefined) return failure;
    }
  };
