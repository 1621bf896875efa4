import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort, NoticesPort } from '#connectors/kit/ports.ts';
import type { MailSettings } from '#connectors/mail/settings.ts';
import { type AppAnswer, type AppRequest, serveApp } from '#sandbox/kit/app-server.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { adminPath, createMail, type MailStart } from '#sandbox/mail/mail.ts';
import type { DesiredAccount } from '#schemas/account.ts';

export const domain = 'thuathienhue.gov.vn';
/** Who may call the sandbox. */
export const credentials = {
  adminName: `lienthong@${domain}`,
  adminPassword: 'a&b<c>"d"',
  smtpUser: `thongbao@${domain}`,
  smtpPassword: 'mật khẩu',
};

export const lan: DesiredAccount = {
  staffId: '0193a1f0-0000-7000-8000-000000000001',
  enabled: true,
  code: 'CB001',
  username: 'lantt',
  name: 'Trần Thị Lan',
  phone: '0912345678',
  unitCode: 'H57.01',
  unitName: 'Sở Nội vụ',
  title: 'Chuyên viên',
};

/** What `GET /_state/accounts` tells of a mailbox. */
export type HeldMailbox = SandboxAccount & { status: string; aliases: string[] };

/**
 * The sandbox and the connector joined by real sockets. `around` sees each admin request before the app
 * does and may keep its answer back.
 */
export const startMail = async (
  start: Partial<MailStart> & {
    settings?: Record<string, unknown>;
    around?: (request: AppRequest, handle: () => Promise<AppAnswer>) => Promise<AppAnswer>;
  } = {},
) => {
  const app = await createMail({ accounts: [], domain, credentials, ...start });
  const requests: string[] = [];
  const running = await serveApp({
    ...app,
    async handle(request) {
      requests.push(/<(\w+)Request/.exec(request.body)?.[1] ?? '');
      const handle = async () => app.handle(request);
      return start.around ? start.around(request, handle) : handle();
    },
  });
  const settings: MailSettings = {
    adminUrl: running.origin + adminPath,
    adminName: credentials.adminName,
    adminPassword: credentials.adminPassword,
    domain,
    smtpHost: app.smtp.host,
    smtpPort: app.smtp.port,
    smtpSecurity: 'none',
    smtpUser: credentials.smtpUser,
    smtpPassword: credentials.smtpPassword,
    smtpFrom: credentials.smtpUser,
    ...start.settings,
  };
  const { instance } = await loadConnector('mail', settings);
  const state = async (name: string) => (await fetch(`${running.origin}/_state/${name}`)).json();
  const post = async (path: string, body: unknown) => {
    await fetch(running.origin + path, { method: 'POST', body: JSON.stringify(body) });
  };
  return {
    accounts: instance.ports.accounts as AccountsPort,
    notices: instance.ports.notices as NoticesPort,
    instance,
    settings,
    /** Names of the admin requests so far, without `Request`. */
    requests,
    held: () => state('accounts') as Promise<HeldMailbox[]>,
    mails: () =>
      state('mails') as Promise<Awaited<ReturnType<typeof import('#sandbox/mail/read-mail.ts').readMail>>[]>,
    act: (action: Record<string, unknown>) => post('/_actions', action),
    fault: (fault: Record<string, unknown>) => post('/_faults', fault),
    closeSmtp: async () => app.close?.(),
    async stop() {
      await instance.close?.();
      await running.stop();
    },
  };
};
export type RunningMail = Awaited<ReturnType<typeof startMail>>;

/** A call's context with a signal that fires after `ms`. */
export const within = (ms = 5000) => ({ signal: AbortSignal.timeout(ms) });
