import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageId } from '#connectors/mail/notices.ts';
import { createMail } from '#sandbox/mail/mail.ts';
import {
  credentials,
  domain,
  lan,
  type RunningMail,
  startMail,
  within,
} from '#tests/connectors/mail-setup.ts';

describe('official mail: notices', () => {
  let mail: RunningMail;
  const start = async (options: Parameters<typeof startMail>[0] = {}): Promise<RunningMail> => {
    mail = await startMail(options);
    return mail;
  };
  afterEach(() => mail.stop());
  const notice = {
    id: '0193a1f0-1111-7000-8000-000000000001',
    to: [`lantt@${domain}`],
    subject: 'Kích hoạt tài khoản của đồng chí Trần Thị Lan tại Sở Thông tin và Truyền thông',
    text: 'Kính gửi đồng chí,\n\nMã kích hoạt: 123456\n.\nTrân trọng.',
  };

  it('sends plain text in Vietnamese that arrives as it was written', async () => {
    const { notices, mails } = await start();
    assert.deepEqual(await notices.send(notice, within()), { accepted: notice.to });
    const [one] = await mails();
    assert.deepEqual([one?.subject, one?.text, one?.to], [notice.subject, notice.text, notice.to]);
    assert.equal(one?.messageId, `<notice.${notice.id}@${domain}>`);
    assert.equal(one?.headers['auto-submitted'], 'auto-generated');
  });

  it('sends a notice once when it is asked for twice, one after the other or at once', async () => {
    const { notices, mails } = await start();
    await Promise.all([notices.send(notice, within()), notices.send(notice, within())]);
    assert.deepEqual(await notices.send(notice, within()), { accepted: notice.to });
    assert.equal((await mails()).length, 1);
  });

  it('gives every notice its own Message-ID, the same each time, whatever its id looks like', () => {
    assert.equal(messageId('a b\r\nBcc: x', domain), messageId('a b\r\nBcc: x', domain));
    assert.match(messageId('a b\r\nBcc: x', domain), /^<notice\.[0-9a-f]{64}@[^\r\n]+>$/);
    assert.notEqual(messageId('a b', domain), messageId('a c', domain));
  });

  it('lets no subject or address smuggle in a header or a recipient', async () => {
    const { notices, mails } = await start();
    await notices.send({ ...notice, subject: 'Xin chào\r\nBcc: lạ@example.vn' }, within());
    const [one] = await mails();
    assert.deepEqual(one?.to, notice.to);
    assert.equal(one?.headers.bcc, undefined);
    const smuggled = { ...notice, id: 'two', to: [`a@${domain}, b@example.vn`] };
    await notices.send(smuggled, within()).catch(() => {});
    assert.ok((await mails()).every(each => !each.to.includes('b@example.vn')));
  });

  it('answers unavailable while the SMTP server is down, and sends on the next try', async () => {
    const { notices, closeSmtp, settings } = await start();
    await closeSmtp();
    await assert.rejects(notices.send(notice, within()), { code: 'unavailable' });
    const again = await createMail({ accounts: [], domain, credentials, smtpPort: settings.smtpPort });
    await notices.send(notice, within());
    assert.equal(again.mails().length, 1);
    await again.close?.();
  });

  it('answers refused for an address that the server does not know', async () => {
    const { notices, mails } = await start();
    const unknown = { ...notice, to: [`khong-ton-tai@${domain}`] };
    await assert.rejects(notices.send(unknown, within()), (error: Error & { code: string }) => {
      assert.equal(error.code, 'refused');
      assert.doesNotMatch(error.message, /@/);
      return true;
    });
    const { accepted } = await notices.send({ ...unknown, to: [...unknown.to, ...notice.to] }, within());
    assert.deepEqual(accepted, notice.to);
    assert.equal((await mails()).length, 1);
  });

  it('answers unauthorised for a wrong SMTP password', async () => {
    const { notices, instance } = await start({ settings: { smtpPassword: 'sai' } });
    await assert.rejects(notices.send(notice, within()), { code: 'unauthorised' });
    await assert.rejects(instance.ping(within()), { code: 'unauthorised' });
  });

  it('refuses to send in the clear when encryption is asked for', async () => {
    const { notices, mails } = await start({ settings: { smtpSecurity: 'starttls' } });
    await assert.rejects(notices.send(notice, within()), { code: 'unavailable' });
    assert.deepEqual(await mails(), []);
  });

  it('keeps mailboxes, aliases and mails of the stand-in across a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mail-'));
    const journalFile = join(folder, 'mail.jsonl');
    const first = await start({ journalFile });
    const { externalId } = await first.accounts.upsert(lan, within());
    await first.accounts.upsert({ ...lan, externalId, username: 'lantran' }, within());
    await first.notices.send(notice, within());
    const before = [await first.held(), await first.mails()];
    await first.stop();
    const second = await start({ journalFile });
    assert.deepEqual([await second.held(), await second.mails()], before);
    assert.equal(
      (await second.accounts.upsert({ ...lan, username: 'lantran' }, within())).externalId,
      externalId,
    );
    rmSync(folder, { recursive: true });
  });
});
