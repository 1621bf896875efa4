import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';

const sample = join(import.meta.dirname, '../../deploy/mail/dovecot-oauth2.conf.ext');

/** What an IMAP server answers to a command: its result (`a1 OK …`), or that it wants to hear more (`+ …`). */
export const askImap = async (port: number, command: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let said = '';
  for await (const part of socket) {
    if (said === '') socket.write(`a1 ${command}\r\n`);
    said += part;
    const answer = /^(?:a1|\+) .*$/m.exec(said)?.[0];
    if (answer !== undefined) return answer.trim();
  }
  throw new Error(`the connection ended: ${said}`);
};

const isListening = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => resolve(socket.destroy() && true))
      .once('error', () => resolve(false));
  });

/** Dovecot of the distribution with the sample configuration, on loopback and without TLS. */
export const startDovecot = async (given: {
  port: number;
  hubOrigin: string;
  clientId: string;
  clientSecret: string;
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-dovecot-'));
  chmodSync(folder, 0o755);
  const { host } = new URL(given.hubOrigin);
  const oauth2 = readFileSync(sample, 'utf8').replace(
    'https://mail-server:SECRET@lienthong.tinh.gov.vn',
    `http://${given.clientId}:${given.clientSecret}@${host}`,
  );
  if (!oauth2.includes(host)) throw new Error('the sample no longer has the address');
  writeFileSync(join(folder, 'oauth2.conf.ext'), oauth2, { mode: 0o600 });
  // Dovecot opens no mailbox as root.
  const { uid, gid } = userInfo().uid === 0 ? { uid: 65_534, gid: 65_534 } : userInfo();
  mkdirSync(join(folder, 'mail'));
  chmodSync(join(folder, 'mail'), 0o777);
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:${folder}/mail/%u
auth_mechanisms = oauthbearer xoauth2
service imap-login {
  inet_listener imap {
    port = ${given.port}
  }
  inet_listener imaps {
    port = 0
  }
}
passdb {
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = ${folder}/oauth2.conf.ext
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u
}
`,
  );
  const child = spawn('/usr/sbin/dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', data => {
    said += String(data);
  });
  const ended = once(child, 'exit');
  await waitUntil(
    'Dovecot listens',
    () => {
      if (child.exitCode !== null) throw new Error(`Dovecot ended: ${said}`);
      return isListening(given.port);
    },
    { withinMs: 10_000 },
  );
  return {
    said: () => said,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
