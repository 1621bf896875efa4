import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import type { NoticesPort } from '#connectors/kit/ports.ts';
import type { MailSettings } from './settings.ts';

/** How many sent notices are remembered; a repeat comes within minutes, not after so many others. */
const remembered = 10_000;

/** Nodemailer's error codes that say more than the server's reply does. */
const meanings: Record<string, ConnectorErrorCode> = {
  EAUTH: 'unauthorised',
  ENOAUTH: 'unauthorised',
  ETIMEDOUT: 'timed-out',
};

const toConnectorError = (error: unknown): ConnectorError => {
  if (error instanceof ConnectorError) return error;
  const { code = '', responseCode = 0 } = error as { code?: string; responseCode?: number };
  const bySmtp = responseCode >= 500 ? 'refused' : 'unavailable';
  const vendorCode = responseCode > 0 ? String(responseCode) : code;
  // The server's text is left out: it names addresses. So is `cause`, which holds the whole reply.
  return new ConnectorError(meanings[code] ?? bySmtp, `the mail was not taken over: ${vendorCode}`, {
    vendorCode,
  });
};

/**
 * The Message-ID (RFC 5322 §3.6.4) of a notice: always the same for the same id, so that whoever receives
 * it twice can tell (Zimbra itself drops a repeated Message-ID).
 */
export const messageId = (noticeId: string, domain: string): string => {
  const plain = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(noticeId);
  const left = plain ? noticeId : createHash('sha256').update(noticeId).digest('hex');
  return `<notice.${left}@${domain}>`;
};

const within = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const give = () => reject(new ConnectorError('timed-out', 'the mail server did not answer in time'));
  if (signal.aborted) give();
  signal.addEventListener('abort', give, { once: true });
  try {
    return await Promise.race([work, late]);
  } finally {
    signal.removeEventListener('abort', give);
  }
};

/** The port `notices` over SMTP, and what the connector needs beside it. */
export interface Notices extends NoticesPort {
  /** Connects and signs in without sending. */
  check(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Plain text only, UTF-8. Addresses are taken as they are, never parsed, so that none can smuggle in another. */
export const createNotices = (settings: MailSettings): Notices => {
  const transport = createTransport({
    pool: true,
    maxConnections: 4,
    host: settings.smtpHost,
    port: settings.smtpPort,
    secure: settings.smtpSecurity === 'tls',
    requireTLS: settings.smtpSecurity === 'starttls',
    ignoreTLS: settings.smtpSecurity === 'none',
    ...(settings.smtpUser === undefined
      ? {}
      : { auth: { user: settings.smtpUser, pass: settings.smtpPassword ?? '' } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  /** Under way or taken over, by notice id; a repeat shares the first one's outcome. */
  const sent = new Map<string, Promise<{ accepted: string[] }>>();

  const deliver: (notice: Parameters<NoticesPort['send']>[0]) => Promise<{ accepted: string[] }> =
    async notice => {
      try {
        const info = await transport.sendMail({
          messageId: messageId(notice.id, settings.domain),
          from: { name: '', address: settings.smtpFrom },
          to: notice.to.map(address => ({ name: '', address })),
          subject: notice.subject,
          text: notice.text,
          // RFC 3834: keeps absence notes from answering.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { accepted: info.accepted.map(String) };
      } catch (error) {
        sent.delete(notice.id);
        throw toConnectorError(error);
      }
    };

  return {
    async send(notice, { signal }) {
      if (notice.units?.length)
        throw new ConnectorError('refused', 'mail knows people only: give their addresses, not units');
      let outcome = sent.get(notice.id);
      if (outcome === undefined) {
        outcome = deliver(notice);
        // The caller may have given up by the time it fails.
        outcome.catch(() => {});
        sent.set(notice.id, outcome);
        if (sent.size > remembered) sent.delete(sent.keys().next().value!);
      }
      return within(outcome, signal);
    },
    async check(signal) {
      const ready = transport.verify().catch(error => {
        throw toConnectorError(error);
      });
      ready.catch(() => {});
      await within(ready, signal);
    },
    close: () => transport.close(),
  };
};
