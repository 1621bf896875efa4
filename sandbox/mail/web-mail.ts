import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { webPage } from '#sandbox/kit/web-page.ts';
import type { Mailbox, Mailboxes } from './mailboxes.ts';

const title = 'Thư điện tử công vụ';
/** As Zimbra: five minutes to either side. */
const mostAgeMs = 5 * 60_000;

const refuse = (words: string): AppAnswer => webPage(title, [words], { status: 400 });

const isEqual = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** Zimbra's web client, played: `/service/preauth` lets in whom the holder of the key names, `/` shows whose mailbox it is. */
export const createWebMail = (given: {
  key: string;
  mailboxes: Pick<Mailboxes, 'byAddress' | 'mails'>;
  now?(): number;
}) => {
  const { key, mailboxes, now = Date.now } = given;
  /** Addresses by the token in the cookie. */
  const open = new Map<string, string>();

  const activeMailbox = (address: string): Mailbox | undefined => {
    const mailbox = mailboxes.byAddress(address);
    return mailbox?.attributes.zimbraAccountStatus?.[0] === 'active' ? mailbox : undefined;
  };

  const preauth = ({ query }: AppRequest): AppAnswer => {
    const [account, by, expires, timestamp, proof] = ['account', 'by', 'expires', 'timestamp', 'preauth'].map(
      name => query.get(name) ?? '',
    ) as [string, string, string, string, string];
    const expected = createHmac('sha1', key).update(`${account}|${by}|${expires}|${timestamp}`).digest('hex');
    if (by !== 'name' || !isEqual(proof, expected)) return refuse('account.AUTH_FAILED: preauth mismatch');
    if (Math.abs(now() - Number(timestamp)) > mostAgeMs)
      return refuse('account.AUTH_FAILED: preauth timestamp is too old');
    if (activeMailbox(account) === undefined) return refuse('account.AUTH_FAILED: no active account');
    const token = `0_${randomBytes(24).toString('hex')}`;
    open.set(token, account);
    const cookie = `ZM_AUTH_TOKEN=${token}; Path=/; HttpOnly; SameSite=Lax`;
    return { status: 302, headers: { location: '/', 'set-cookie': cookie } };
  };

  const inbox = ({ headers }: AppRequest): AppAnswer => {
    const token = /(?:^|;\s*)ZM_AUTH_TOKEN=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
    const mailbox = activeMailbox(open.get(token) ?? '');
    if (mailbox === undefined)
      return webPage(title, ['Hãy mở hộp thư từ trang ứng dụng. / Open it from "my apps".'], { status: 401 });
    return webPage(title, [`Hộp thư: ${mailbox.name}`, mailbox.attributes.displayName?.[0] ?? '']);
  };

  /** Answers what is the web client's; undefined: the admin service is meant. */
  return (request: AppRequest): AppAnswer | undefined => {
    if (request.method !== 'GET') return undefined;
    if (request.path === '/service/preauth') return preauth(request);
    return request.path === '/' ? inbox(request) : undefined;
  };
};
