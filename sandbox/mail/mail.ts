import { randomBytes } from 'node:crypto';
import type { SandboxApp } from '#sandbox/kit/app-server.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { createAnswers } from './answer-request.ts';
import { openMailboxes } from './mailboxes.ts';
import type { ReceivedMail } from './read-mail.ts';
import { serveSmtp } from './serve-smtp.ts';
import { child, readEnvelope, SoapFault, writeFault, writeResponse, type XmlElement } from './soap-xml.ts';
import { createWebMail } from './web-mail.ts';

/** Who may call: the admin service and the SMTP server. */
export interface MailCredentials {
  adminName: string;
  adminPassword: string;
  smtpUser: string;
  smtpPassword: string;
  /** Shared with the hub, which lets people in by it; without it there is no web client. */
  preauthKey?: string;
}
export interface MailStart {
  accounts: SandboxAccount[];
  domain: string;
  credentials: MailCredentials;
  journalFile?: string | undefined;
  smtpPort?: number | undefined;
  /** 12 hours, as Zimbra's own admin tokens, unless told. */
  tokenLifetimeMs?: number;
}
/** The app with the address of its SMTP server and the mails that came in, oldest first. */
export interface MailApp extends SandboxApp {
  smtp: { host: string; port: number };
  mails(): ReceivedMail[];
}

/** Where the admin service listens below the app's origin. */
export const adminPath = '/service/admin/soap/';

/**
 * Official mail, played: Zimbra's admin SOAP on `/service/admin/soap/`, its web client, and a real SMTP server beside them.
 * `GET /_state/mails` tells the mails that came in, `/_state/smtp` where to send them. `POST /_actions`:
 * `{"action":"expire-tokens"}`, `{"action":"maintenance","on":true}`,
 * `{"action":"set-status","id":…,"status":"locked"}` (what the mail centre does by hand).
 */
export const createMail = async (start: MailStart): Promise<MailApp> => {
  const { credentials, tokenLifetimeMs = 12 * 3600_000 } = start;
  const mailboxes = openMailboxes(start);
  const answerRequest = createAnswers(mailboxes);
  const smtp = await serveSmtp({
    user: credentials.smtpUser,
    password: credentials.smtpPassword,
    port: start.smtpPort,
    receive: mailboxes.receive,
  });
  const { preauthKey } = credentials;
  const webMail = preauthKey === undefined ? undefined : createWebMail({ key: preauthKey, mailboxes });
  /** When each token ends, in milliseconds; a token that is not here never was one. */
  const tokens = new Map<string, number>();
  let maintenance = false;

  const signIn = (request: XmlElement): string => {
    const name = child(request, 'name')?.text;
    if (name !== credentials.adminName || child(request, 'password')?.text !== credentials.adminPassword)
      throw new SoapFault('account.AUTH_FAILED', `authentication failed for [${name}]`);
    const token = `0_${randomBytes(24).toString('hex')}`;
    tokens.set(token, Date.now() + tokenLifetimeMs);
    return `<authToken>${token}</authToken><lifetime>${tokenLifetimeMs}</lifetime>`;
  };

  const answer = (body: string): string => {
    const { request, token } = readEnvelope(body);
    const response = request.name.replace(/Request$/, 'Response');
    if (maintenance) throw new SoapFault('account.MAINTENANCE_MODE', 'the domain is in maintenance mode');
    if (request.name === 'AuthRequest') return writeResponse(response, '', signIn(request));
    const end = token === undefined ? undefined : tokens.get(token);
    if (end === undefined) throw new SoapFault('service.AUTH_REQUIRED', 'no valid authtoken present');
    if (end <= Date.now()) throw new SoapFault('service.AUTH_EXPIRED', 'auth credentials have expired');
    const { attributes = '', content } = answerRequest(request);
    return writeResponse(response, attributes, content);
  };

  return {
    id: 'mail',
    smtp: { host: smtp.host, port: smtp.port },
    mails: mailboxes.mails,
    handle(asked) {
      const { method, path, body } = asked;
      const shown = webMail?.(asked);
      if (shown !== undefined) return shown;
      if (method !== 'POST' || !`${path}/`.startsWith(adminPath)) return { status: 404, body: 'not found' };
      const headers = { 'content-type': 'application/soap+xml; charset=utf-8' };
      try {
        return { headers, body: answer(body) };
      } catch (error) {
        const fault = error instanceof SoapFault ? error : new SoapFault('service.FAILURE', 'system failure');
        return { status: 500, headers, body: writeFault(fault) };
      }
    },
    accounts: () =>
      mailboxes.all().map(({ id, name, aliases, attributes }) => ({
        externalId: id,
        enabled: attributes.zimbraAccountStatus?.[0] !== 'closed',
        status: attributes.zimbraAccountStatus?.[0],
        code: attributes.employeeNumber?.[0],
        username: name.split('@')[0],
        name: attributes.displayName?.[0],
        email: name,
        phone: attributes.telephoneNumber?.[0],
        unitCode: attributes.departmentNumber?.[0],
        unitName: attributes.ou?.[0],
        title: attributes.title?.[0],
        aliases,
      })),
    state: name => ({ mails: mailboxes.mails(), smtp: { host: smtp.host, port: smtp.port } })[name],
    act(action) {
      if (action.action === 'expire-tokens') for (const token of tokens.keys()) tokens.set(token, 0);
      if (action.action === 'maintenance') maintenance = action.on === true;
      const mailbox = action.action === 'set-status' ? mailboxes.byId(String(action.id)) : undefined;
      if (mailbox !== undefined) {
        const attributes = { ...mailbox.attributes, zimbraAccountStatus: [String(action.status)] };
        mailboxes.save({ ...mailbox, attributes });
      }
    },
    close: smtp.close,
  };
};
