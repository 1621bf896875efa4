import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { adminPath, createMail } from './mail.ts';

export const startForContract: StartForContract = async () => {
  const domain = 'hue.gov.vn';
  const admin = { adminName: `lien-thong@${domain}`, adminPassword: 'contract-secret-of-mail' };
  const smtp = { smtpUser: `thong-bao@${domain}`, smtpPassword: 'contract-secret-of-smtp' };
  const mail = await createMail({
    accounts: contractAccounts(25),
    domain,
    credentials: { ...admin, ...smtp },
  });
  const app = await serveApp(mail);
  return {
    app,
    settings: {
      adminUrl: `${app.origin}${adminPath}`,
      ...admin,
      domain,
      smtpHost: mail.smtp.host,
      smtpPort: mail.smtp.port,
      smtpSecurity: 'none',
      ...smtp,
      smtpFrom: smtp.smtpUser,
    },
    delivered: async subject => mail.mails().filter(one => one.subject === subject).length,
  };
};
