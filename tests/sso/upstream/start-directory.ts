import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'ldapts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

/** An account of the directory. */
export interface DirectoryEntry {
  uid: string;
  /** `employeeNumber`; none when absent. */
  code?: string;
  password: string;
  mail?: string;
}

/** A real OpenLDAP server on loopback, with data of its own. */
export interface Directory {
  url: string;
  /** The certificate it shows, PEM. */
  ca: string;
  service: { bindDn: string; bindPassword: string; baseDn: string };
  add(entry: DirectoryEntry): Promise<void>;
  remove(uid: string): Promise<void>;
  /** Ends it and keeps its data; `start` begins anew. */
  pause(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const base = 'dc=tinh';
const admin = { dn: `cn=admin,${base}`, password: 'quản trị' };
const service = { dn: `cn=service,${base}`, password: 'dịch vụ' };

/** It takes binds without a password as binds of nobody, as some directories do: who forgets that lets everybody in. */
const configuration = (folder: string): string => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
allow bind_anon_dn
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
database mdb
suffix "${base}"
rootdn "${admin.dn}"
rootpw "${admin.password}"
directory ${folder}/data
maxsize 10485760
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${service.dn}" read by * none
`;

const makeCertificate = (folder: string): void => {
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'.split(
        ' ',
      ),
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
    ],
    { stdio: 'ignore' },
  );
};

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });

export const startDirectory = async (): Promise<Directory> => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-slapd-'));
  mkdirSync(join(folder, 'data'));
  makeCertificate(folder);
  const file = join(folder, 'slapd.conf');
  writeFileSync(file, configuration(folder));
  const port = await chooseFreePort();
  const url = `ldap://localhost:${port}`;
  let server: ChildProcess | undefined;

  const asAdmin = async (work: (client: Client) => Promise<void>): Promise<void> => {
    const client = new Client({ url, timeout: 5000 });
    await client.bind(admin.dn, admin.password);
    await work(client);
    await client.unbind();
  };
  const pause = async (): Promise<void> => {
    if (server === undefined) return;
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
    server = undefined;
  };
  const start = async (): Promise<void> => {
    server = spawn('slapd', ['-d', '0', '-f', file, '-h', `${url}/`], {
      stdio: 'ignore',
      env: { ...process.env, PATH: [process.env.PATH, '/usr/sbin'].join(delimiter) },
    });
    await waitUntil('slapd answers', () => answers(port), { withinMs: 10_000 });
  };

  await start();
  await asAdmin(async client => {
    await client.add(base, { objectClass: ['dcObject', 'organization'], dc: 'tinh', o: 'Tỉnh' });
    await client.add(service.dn, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: 'service',
      userPassword: service.password,
    });
  });
  return {
    url,
    ca: readFileSync(join(folder, 'cert.pem'), 'utf8'),
    service: { bindDn: service.dn, bindPassword: service.password, baseDn: base },
    add: ({ uid, code, password, mail }) =>
      asAdmin(client =>
        client.add(`uid=${uid},${base}`, {
          objectClass: 'inetOrgPerson',
          uid,
          cn: uid,
          sn: uid,
          userPassword: password,
          ...(code === undefined ? {} : { employeeNumber: code }),
          ...(mail === undefined ? {} : { mail }),
        }),
      ),
    remove: uid => asAdmin(client => client.del(`uid=${uid},${base}`)),
    pause,
    start,
    async stop() {
      await pause();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
