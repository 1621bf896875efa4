import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key; PEM for node:crypto, DER for the hub. */
export interface Issued {
  certificate: Buffer;
  key: string;
}

const profiles = `[req]
distinguished_name=name
[name]
[root]
keyUsage=critical,keyCertSign,cRLSign
basicConstraints=critical,CA:TRUE
[person]
keyUsage=critical,digitalSignature,nonRepudiation
basicConstraints=critical,CA:FALSE
`;

/** A root that issues certificates of people, by Debian's openssl; one call each, since every spec has its own. */
export const playAuthority = () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-ca-'));
  const file = (name: string) => join(folder, name);
  writeFileSync(file('profiles.cnf'), profiles);
  const make = (name: string, subject: string, profile: 'root' | 'person', ...more: string[]): Issued => {
    const settings = ['-config', file('profiles.cnf'), '-extensions', profile, '-utf8', '-subj', subject];
    const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
    const what = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...settings, ...files, ...more];
    execFileSync('openssl', what, { stdio: ['ignore', 'pipe', 'pipe'] });
    const certificate = new X509Certificate(readFileSync(file(`${name}.pem`)));
    return { certificate: certificate.raw, key: readFileSync(file(`${name}.key`), 'utf8') };
  };
  const { certificate: root } = make(
    'root',
    '/C=VN/O=Ban Cơ yếu (đóng vai)/CN=Gốc thử',
    'root',
    '-days',
    '30',
  );
  let count = 0;
  return {
    root,
    rootPem: readFileSync(file('root.pem'), 'utf8'),
    issue: (name: string): Issued =>
      make(
        `p${++count}`,
        `/C=VN/CN=${name}`,
        'person',
        ...['-days', '20', '-CA', file('root.pem'), '-CAkey', file('root.key')],
      ),
    stop: () => rmSync(folder, { recursive: true }),
  };
};
