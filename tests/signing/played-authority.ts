import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key; PEM for node:crypto, DER for the hub. */
export interface Issued {
  certificate: Buffer;
  key: string;
}

/** A root that issues certificates of people, by Debian's openssl. */
export const playAuthority = () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-ca-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const subject = '/C=VN/O=Ban Cơ yếu (đóng vai)/CN=Gốc thử';
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-utf8',
    '-subj',
    subject,
    '-days',
    '30',
    '-keyout',
    file('root.key'),
    '-out',
    file('root.pem'),
  );
  writeFileSync(
    file('person.cnf'),
    'keyUsage=critical,digitalSignature,nonRepudiation\nbasicConstraints=critical,CA:FALSE\n',
  );
  const toDer = (name: string): Buffer => openssl('x509', '-in', file(name), '-outform', 'DER');
  let count = 0;
  return {
    root: toDer('root.pem'),
    rootPem: readFileSync(file('root.pem'), 'utf8'),
    issue(name: string): Issued {
      const id = `p${++count}`;
      openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-utf8',
        '-subj',
        `/C=VN/CN=${name}`,
        '-keyout',
        file(`${id}.key`),
        '-out',
        file(`${id}.csr`),
      );
      openssl(
        'x509',
        '-req',
        '-in',
        file(`${id}.csr`),
        '-CA',
        file('root.pem'),
        '-CAkey',
        file('root.key'),
        '-days',
        '20',
        '-extfile',
        file('person.cnf'),
        '-out',
        file(`${id}.pem`),
      );
      return { certificate: toDer(`${id}.pem`), key: readFileSync(file(`${id}.key`), 'utf8') };
    },
    stop: () => rmSync(folder, { recursive: true }),
  };
};
