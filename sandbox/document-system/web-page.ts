import type { AppAnswer } from '#sandbox/kit/app-server.ts';

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const page = (status: number, body: string): AppAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body: `<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Quản lý văn bản và điều hành</title><body><h1>Quản lý văn bản và điều hành</h1>${body}</body></html>`,
});

/** The first page of somebody who is signed in. `account`: what the document system knows of them. */
export const showDesk = (
  user: { username: string; name: string | undefined; unitName: string | undefined },
  account: 'open' | 'locked' | 'none',
): AppAnswer => {
  const words = {
    open: 'Không có văn bản nào chờ xử lý.',
    locked: 'Tài khoản quản lý văn bản của bạn đang bị khóa.',
    none: 'Bạn chưa có tài khoản quản lý văn bản.',
  };
  return page(
    account === 'open' ? 200 : 403,
    `<p>Xin chào, <strong>${escapeHtml(user.name ?? user.username)}</strong> (${escapeHtml(user.username)}). ${escapeHtml(user.unitName ?? '')}</p><p>${words[account]}</p><p><a href="/thoat">Thoát</a></p>`,
  );
};

/** What went wrong, with a way to begin anew. */
export const showProblem = (status: number, words: string): AppAnswer =>
  page(status, `<p>${escapeHtml(words)}</p><p><a href="/">Đăng nhập lại</a></p>`);
