import { randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAuthority } from '#sandbox/authority/start-authority.ts';
import { createDirectives, servicePath as directivesPath } from '#sandbox/directives/directives.ts';
import { createDocumentAxis } from '#sandbox/document-axis/document-axis.ts';
import {
  createDocumentSystem,
  servicePath as documentsPath,
} from '#sandbox/document-system/document-system.ts';
import { createHrApp, servicePath as hrPath } from '#sandbox/hr/hr.ts';
import { withHrPage } from '#sandbox/hr/hr-page.ts';
import { type SandboxApp, serveApp } from '#sandbox/kit/app-server.ts';
import { startAuthProxy } from '#sandbox/kit/auth-proxy.ts';
import { type OpenIdClient, type OpenIdPage, withOpenIdPage } from '#sandbox/kit/open-id-page.ts';
import { adminPath, createMail } from '#sandbox/mail/mail.ts';
import { createOperationsPage } from '#sandbox/operations-page/operations-page.ts';
import { createPortal } from '#sandbox/portal/portal.ts';
import { domain, makeProvince, startingAccounts } from '#sandbox/province/make-province.ts';
import { toHrPerson } from '#sandbox/province/to-hr-person.ts';
import { certifiedBy } from '#sandbox/signing/certified-by.ts';
import { createSmartca, basePath as smartcaPath } from '#sandbox/smartca/smartca.ts';

/** What the parent process says in `argv[2]`, as JSON. */
interface Orders {
  dataDir: string;
  staff: number;
  /** Where people sign in. */
  hubOrigin: string;
}

/** What the parent says once the apps are registered: the clients that are new. */
export interface SandboxNews {
  openIdClients: Record<string, OpenIdClient>;
}

/** What this process answers over IPC once the six apps, the document axis, the authority and the signing service listen. */
export interface SandboxReady {
  /** `webOrigin`: where people see the app, when that is not where programs call it. */
  apps: { id: string; origin: string; webOrigin?: string; settings: Record<string, unknown> }[];
  /** The certificate authority, which is no app with accounts: its address, its root in PEM, where time-stamps are asked for. */
  signing: { authority: string; root: string; issuing: string; timeStampUrl: string };
}

const { dataDir, staff, hubOrigin } = JSON.parse(process.argv[2] ?? '{}') as Orders;

/** The same at every start: the hub keeps its settings. Readable by the owner only. */
const readPasswords = (): Record<string, string> => {
  const file = join(dataDir, 'credentials.json');
  const names = [
    'operationsPage',
    'documentSystem',
    'directives',
    'portal',
    'mailAdmin',
    'mailSmtp',
    'hr',
    'smartca',
    'axis',
  ];
  const made = Object.fromEntries(names.map(name => [name, randomBytes(18).toString('base64url')]));
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const passwords = { ...made, mailPreauth: randomBytes(32).toString('hex'), ...kept };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
};

const clientsFile = join(dataDir, 'openid-clients.json');
let openIdClients: Record<string, OpenIdClient> = existsSync(clientsFile)
  ? JSON.parse(readFileSync(clientsFile, 'utf8'))
  : {};
process.on('message', news => {
  openIdClients = { ...openIdClients, ...(news as SandboxNews).openIdClients };
  writeFileSync(clientsFile, JSON.stringify(openIdClients), { mode: 0o600 });
});
const openIdPage = (id: string, title: string): OpenIdPage => ({
  title,
  issuer: `${hubOrigin}/sso`,
  client: () => openIdClients[id],
});
const behindOpenId = (app: SandboxApp, title: string): SandboxApp =>
  withOpenIdPage(app, openIdPage(app.id, title));

const journal = (app: string) => join(dataDir, `${app}.jsonl`);

const startApps = async (): Promise<SandboxReady> => {
  const password = readPasswords();
  const authority = await startAuthority({ folder: join(dataDir, 'authority') });
  const people = makeProvince(staff);
  const of = (app: string) => ({
    accounts: startingAccounts(app, people).accounts,
    journalFile: journal(app),
  });

  const apiKey = password.operationsPage!;
  const operations = await serveApp(
    behindOpenId(
      createOperationsPage({ ...of('operations-page'), credentials: { apiKey } }),
      'Trang thông tin điều hành tác nghiệp',
    ),
  );
  const documentUser = { username: 'lienthong', password: password.documentSystem! };
  const documents = await serveApp(
    createDocumentSystem({ ...of('document-system'), credentials: documentUser, hubOrigin }),
  );
  const directivesUser = { username: 'lienthong', password: password.directives! };
  const directives = await serveApp(
    createDirectives({ ...of('directives'), credentials: directivesUser, hubOrigin }),
  );
  const directivesProxy = await startAuthProxy({ appOrigin: directives.origin, hubOrigin });
  const portalClient = { clientId: 'lien-thong', clientSecret: password.portal! };
  const portal = await serveApp(
    behindOpenId(createPortal({ ...of('portal'), credentials: portalClient }), 'Cổng dịch vụ công'),
  );
  const mailUsers = {
    adminName: `lienthong@${domain}`,
    adminPassword: password.mailAdmin!,
    smtpUser: `thongbao@${domain}`,
    smtpPassword: password.mailSmtp!,
    preauthKey: password.mailPreauth!,
  };
  const mailApp = await createMail({ ...of('mail'), domain, credentials: mailUsers });
  const mail = await serveApp(mailApp);
  const hrKey = { apiKey: password.hr! };
  const hr = await serveApp(
    withHrPage(
      createHrApp({ people: people.map(toHrPerson), journalFile: journal('hr'), credentials: hrKey }),
      openIdPage('hr', 'Phần mềm nhân sự'),
    ),
  );
  const smartcaUser = { spId: 'lien-thong.sandbox', spPassword: password.smartca! };
  const testUser = 'kiem-tra';
  const smartca = await serveApp(
    await createSmartca({
      holders: [{ userId: testUser, name: 'Thuê bao kiểm tra' }],
      credentials: smartcaUser,
      authority: certifiedBy(authority, 'VNPT SmartCA (đóng vai)'),
    }),
  );

  const axisKey = { systemId: 'VN:GOV:H57:lienthong', secret: password.axis! };
  const axis = await serveApp(createDocumentAxis({ credentials: axisKey }));

  return {
    signing: {
      authority: authority.origin,
      root: new X509Certificate(authority.root).toString(),
      issuing: new X509Certificate(authority.issuing).toString(),
      timeStampUrl: authority.timeStampUrl,
    },
    apps: [
      { id: 'hr', origin: hr.origin, settings: { endpoint: hr.origin + hrPath, ...hrKey } },
      { id: 'operations-page', origin: operations.origin, settings: { baseUrl: operations.origin, apiKey } },
      {
        id: 'document-system',
        origin: documents.origin,
        settings: { endpoint: documents.origin + documentsPath, ...documentUser },
      },
      {
        id: 'directives',
        origin: directives.origin,
        webOrigin: directivesProxy.origin,
        settings: { endpoint: directives.origin + directivesPath, ...directivesUser },
      },
      { id: 'document-axis', origin: axis.origin, settings: { endpoint: axis.origin, ...axisKey } },
      { id: 'portal', origin: portal.origin, settings: { baseUrl: portal.origin, ...portalClient } },
      {
        id: 'smartca',
        origin: smartca.origin,
        settings: { baseUrl: smartca.origin + smartcaPath, ...smartcaUser, testUser },
      },
      {
        id: 'mail',
        origin: mail.origin,
        settings: {
          adminUrl: mail.origin + adminPath,
          adminName: mailUsers.adminName,
          adminPassword: mailUsers.adminPassword,
          domain,
          smtpHost: mailApp.smtp.host,
          smtpPort: mailApp.smtp.port,
          smtpSecurity: 'none',
          smtpUser: mailUsers.smtpUser,
          smtpPassword: mailUsers.smtpPassword,
          smtpFrom: mailUsers.smtpUser,
          preauthKey: mailUsers.preauthKey,
        },
      },
    ],
  };
};

// The parent decides when we end; a Ctrl-C in the terminal reaches it, not us.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
const ready = await startApps();
// For scripts beside the hub: the settings of its connectors, as the IT centre would type them in.
const settings = Object.fromEntries(ready.apps.map(app => [app.id, app.settings]));
writeFileSync(join(dataDir, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
process.send?.(ready);
