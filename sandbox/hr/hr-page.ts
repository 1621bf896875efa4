import type { SandboxApp } from '#sandbox/kit/app-server.ts';
import { type OpenIdPage, withOpenIdPage } from '#sandbox/kit/open-id-page.ts';
import { webPage } from '#sandbox/kit/web-page.ts';

const form = `<h2>Cho nghỉ việc</h2>
<form method="post" action="/nghi-viec">
<label>Tên đăng nhập hoặc mã CBCCVC <input name="who" required></label> <button>Ghi quyết định nghỉ việc</button>
</form>`;

/**
 * The HR software's page: who is signed in, by its own records (it is told the user name alone), and the one decision that
 * shows most of the hub: somebody leaves.
 */
export const withHrPage = (app: SandboxApp, page: OpenIdPage): SandboxApp => {
  const people = () => app.accounts() as { username?: string; name?: string; code?: string }[];
  return withOpenIdPage(app, {
    ...page,
    nameOf: username => people().find(person => person.username === username)?.name,
    html: form,
    posts: {
      '/nghi-viec': fields => {
        const who = fields.get('who')?.trim();
        const person = people().find(({ username, code }) => who === username || who === code);
        if (person === undefined)
          return webPage('Phần mềm nhân sự', [`Không có hồ sơ: ${who}`], { status: 404 });
        app.act?.({ action: 'leave', code: person.code });
        return undefined;
      },
    },
  });
};
