import type { AppAnswer } from '#sandbox/kit/app-server.ts';
import { drawPage, webPage } from '#sandbox/kit/web-page.ts';

const title = 'Quản lý văn bản và điều hành';

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
  const visitor = {
    username: user.username,
    name: user.name ?? user.username,
    ...(user.unitName === undefined ? {} : { unit: user.unitName }),
  };
  const html = `<p>${words[account]}</p><p><a href="/thoat">Thoát</a></p>`;
  return { ...drawPage(title, visitor, { html }), status: account === 'open' ? 200 : 403 };
};

/** What went wrong, with a way to begin anew. */
export const showProblem = (status: number, words: string): AppAnswer =>
  webPage(title, [words], { status, html: '<p><a href="/">Đăng nhập lại</a></p>' });
