import type { SandboxApp } from '#sandbox/kit/app-server.ts';
import { type OpenIdPage, withOpenIdPage } from '#sandbox/kit/open-id-page.ts';

const form = `<h2>Cho nghỉ việc</h2>
<form method="post" action="/nghi-viec">
<label>Mã CBCCVC <input name="code" required></label> <button>Ghi quyết định nghỉ việc</button>
</form>`;

/**
 * The HR software's page: who is signed in, by its own records (it is told the user name alone), and the one decision that
 * shows most of the hub: somebody leaves.
 */
export const withHrPage = (app: SandboxApp, page: OpenIdPage): SandboxApp =>
  withOpenIdPage(app, {
    ...page,
    nameOf: username =>
      (app.accounts() as { username?: string; name?: string }[]).find(
        account => account.username === username,
      )?.name,
    html: form,
    posts: {
      '/nghi-viec': fields => void app.act?.({ action: 'leave', code: fields.get('code') ?? '' }),
    },
  });
