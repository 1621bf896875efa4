import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

const modules = '/usr/lib/apache2/modules';

/** Apache with mod_auth_cas before `/secret/`; what it knows of a person it tells in headers of the answer. */
const configuration = (folder: string, port: number, directives: string): string => `
ServerRoot ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
User nobody
Group nogroup
${['mpm_event', 'authz_core', 'authz_user', 'authn_core', 'headers', 'auth_cas']
  .map(name => `LoadModule ${name}_module ${modules}/mod_${name}.so`)
  .join('\n')}
DocumentRoot ${folder}/pages
CASCookiePath ${folder}/cookies/
${directives}
CASSSOEnabled On
<Location /secret/>
  AuthType CAS
  CASAuthNHeader CAS-User
  Require valid-user
  Header set x-user "expr=%{REMOTE_USER}"
  Header set x-staff-code "expr=%{req:CAS-staff_code}"
</Location>
`;

/** Starts it on loopback, in a folder of its own; `directives` say where the hub is. */
export const startApache = async (directives: string): Promise<{ origin: string; stop(): Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-apache-'));
  const port = await chooseFreePort();
  await mkdir(join(folder, 'pages', 'secret'), { recursive: true });
  await mkdir(join(folder, 'cookies'));
  await writeFile(join(folder, 'pages', 'secret', 'page.txt'), 'for staff only');
  await writeFile(join(folder, 'apache.conf'), configuration(folder, port, directives));
  // Started by root it becomes another user.
  await chmod(folder, 0o755);
  await chmod(join(folder, 'cookies'), 0o777);
  const child = spawn('/usr/sbin/apache2', ['-DFOREGROUND', '-f', join(folder, 'apache.conf')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const origin = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  await waitUntil(
    'Apache answers',
    () =>
      fetch(origin).then(
        () => true,
        () => false,
      ),
    { withinMs: 30_000 },
  ).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { origin, stop };
};
