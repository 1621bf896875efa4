import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDirectives, servicePath as directivesPath } from '#sandbox/directives/directives.ts';
import {
  createDocumentSystem,
  servicePath as documentsPath,
} from '#sandbox/document-system/document-system.ts';
import { createHrApp, servicePath as hrPath } from '#sandbox/hr/hr.ts';
import { serveApp } from '#sandbox/kit/app-server.ts';
import { adminPath, createMail } from '#sandbox/mail/mail.ts';
import { createOperationsPage } from '#sandbox/operations-page/operations-page.ts';
import { createPortal } from '#sandbox/portal/portal.ts';
import { domain, makeProvince, startingAccounts } from '#sandbox/province/make-province.ts';
import { toHrPerson } from '#sandbox/province/to-hr-person.ts';

/** What the parent process says in `argv[2]`, as JSON. */
interface Orders {
  dataDir: string;
  staff: number;
  /** Where people of the apps sign in. */
  hubOrigin: string;
}

/** What this process answers over IPC once all six apps listen. */
export interface SandboxReady {
  apps: { id: string; origin: string; settings: Record<string, unknown> }[];
}

const { dataDir, staff, hubOrigin } = JSON.parse(process.argv[2] ?? '{}') as Orders;

/** The same at every start: the hub keeps its settings. Readable by the owner only. */
const readPasswords = (): Record<string, string> => {
  const file = join(dataDir, 'credentials.json');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    const names = ['operationsPage', 'documentSystem', 'directives', 'portal', 'mailAdmin', 'mailSmtp', 'hr'];
    const made = Object.fromEntries(names.map(name => [name, randomBytes(18).toString('base64url')]));
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
};

const journal = (app: string) => join(dataDir, `${app}.jsonl`);

const startApps = async (): Promise<SandboxReady> => {
  const password = readPasswords();
  const people = makeProvince(staff);
  const of = (app: string) => ({
    accounts: startingAccounts(app, people).accounts,
    journalFile: journal(app),
  });

  const apiKey = password.operationsPage!;
  const operations = await serveApp(
    createOperationsPage({ ...of('operations-page'), credentials: { apiKey } }),
  );
  const documentUser = { username: 'lienthong', password: password.documentSystem! };
  const documents = await serveApp(
    createDocumentSystem({ ...of('document-system'), credentials: documentUser, hubOrigin }),
  );
  const directivesUser = { username: 'lienthong', password: password.directives! };
  const directives = await serveApp(createDirectives({ ...of('directives'), credentials: directivesUser }));
  const portalClient = { clientId: 'lien-thong', clientSecret: password.portal! };
  const portal = await serveApp(createPortal({ ...of('portal'), credentials: portalClient }));
  const mailUsers = {
    adminName: `lienthong@${domain}`,
    adminPassword: password.mailAdmin!,
    smtpUser: `thongbao@${domain}`,
    smtpPassword: password.mailSmtp!,
  };
  const mailApp = await createMail({ ...of('mail'), domain, credentials: mailUsers });
  const mail = await serveApp(mailApp);
  const hrKey = { apiKey: password.hr! };
  const hr = await serveApp(
    createHrApp({ people: people.map(toHrPerson), journalFile: journal('hr'), credentials: hrKey }),
  );

  return {
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
        settings: { endpoint: directives.origin + directivesPath, ...directivesUser },
      },
      { id: 'portal', origin: portal.origin, settings: { baseUrl: portal.origin, ...portalClient } },
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
