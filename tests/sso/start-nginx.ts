import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';

const sample = join(import.meta.dirname, '../../deploy/forward-auth/nginx.conf');

/** Puts ours in the place of each address of the sample; one that is not there (any more) is a mistake. */
export const fillIn = (text: string, places: Record<string, string>): string =>
  Object.entries(places).reduce((filled, [from, to]) => {
    if (!filled.includes(from)) throw new Error(`the sample no longer says: ${from}`);
    return filled.replaceAll(from, to);
  }, text);

const isListening = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });

/** Places that nginx of the distribution writes to, for its `http` block: in a folder of ours. */
const placesIn = (folder: string): string =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${folder}/${name};`)
    .join(' ');

/** nginx of the distribution; `configure` gets what must stand in its `http` block. Resolves when it listens on `port`. */
export const runNginx = async (port: number, configure: (places: string) => string) => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-nginx-'));
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/nginx.pid;\n${configure(placesIn(folder))}`,
  );
  const child: ChildProcess = spawn('/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', data => {
    said += String(data);
  });
  const ended = once(child, 'exit');
  await waitUntil(
    'nginx listens',
    () => {
      if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
      return isListening(port);
    },
    { withinMs: 10_000 },
  );
  return {
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** nginx with the sample configuration, before an app; on loopback and without TLS. */
export const startNginx = (given: { port: number; hubPort: number; appPort: number }) => {
  const server = fillIn(readFileSync(sample, 'utf8'), {
    '10.0.0.10:8080': `127.0.0.1:${given.hubPort}`,
    '127.0.0.1:8081': `127.0.0.1:${given.appPort}`,
    'listen 443 ssl': `listen 127.0.0.1:${given.port}`,
    'server_name chidao.tinh.gov.vn': 'server_name localhost',
    'ssl_certificate /etc/ssl/app.crt;': '',
    'ssl_certificate_key /etc/ssl/app.key;': '',
  });
  return runNginx(
    given.port,
    places => `worker_processes 1; error_log stderr; events { worker_connections 256; }
     http { access_log off; ${places}
     ${server} }`,
  );
};
