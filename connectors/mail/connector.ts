import { defineConnector } from '#connectors/kit/define-connector.ts';
import { createAccounts } from './accounts.ts';
import { createClient } from './client.ts';
import { createNotices } from './notices.ts';
import type { MailSettings } from './settings.ts';
import { openSoapSession } from './soap-session.ts';

export default defineConnector<MailSettings>(({ settings, maxBytes }) => {
  const session = openSoapSession(settings, maxBytes);
  const notices = createNotices(settings);
  return {
    ports: { accounts: createAccounts(createClient(session), settings), notices },
    async ping({ signal }) {
      await session.signIn(signal);
      await notices.check(signal);
    },
    async close() {
      notices.close();
    },
  };
});
