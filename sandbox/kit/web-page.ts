import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';

/** Who has an app open, as its page shows it. */
export interface Visitor {
  staffId: string;
  username: string;
  name: string;
  unit?: string;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, character => escapes[character]!);

const frame = (title: string, body: string): string => `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>${escapeHtml(title)}</title></head>
<body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem">
<h1>${escapeHtml(title)}</h1>
${body}
</body></html>`;

/** A page of a played app: a heading and paragraphs, all of them text; `html` after them. */
export const webPage = (
  title: string,
  paragraphs: string[],
  { status = 200, html = '' }: { status?: number; html?: string } = {},
): AppAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body: frame(title, [...paragraphs.map(text => `<p>${escapeHtml(text)}</p>`), html].join('\n')),
});

/** The first page of a played app: which app it is, and who is signed in. */
export const drawPage = (
  title: string,
  { name, username, unit }: Pick<Visitor, 'username' | 'name' | 'unit'>,
  { signOutPath, html = '' }: { signOutPath?: string; html?: string } = {},
): AppAnswer =>
  webPage(title, unit === undefined ? [] : [unit], {
    html: `<p>Đang đăng nhập: <strong>${escapeHtml(name)}</strong> (${escapeHtml(username)})</p>
${signOutPath === undefined ? '' : `<form method="post" action="${signOutPath}"><button>Đăng xuất</button></form>`}
${html}`,
  });

/** One cookie of a request. */
export const readCookie = (request: AppRequest, name: string): string | undefined =>
  (request.headers.cookie ?? '')
    .split(';')
    .map(pair => pair.trim().split('='))
    .find(([key]) => key === name)?.[1];

export const redirectTo = (location: string, headers: Record<string, string> = {}): AppAnswer => ({
  status: 303,
  headers: { location, 'cache-control': 'no-store', ...headers },
});
