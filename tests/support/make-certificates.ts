import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a certificate of a test says beside its name. */
export interface CertificateWish {
  name: string;
  /** Lines of an openssl extension section. */
  extensions?: string[];
  key?: 'rsa' | 'ec' | 'weak';
  /** Days from now; negative ones lie behind. */
  from?: number;
  until?: number;
}

/** A key and its certificate, as files for openssl and as bytes for us. */
export interface Made {
  keyFile: string;
  certificateFile: string;
  certificate: Buffer;
}

export interface TestAuthority extends Made {
  issue(wish: CertificateWish): Made;
  /** Another authority below this one. */
  issueAuthority(name: string, extensions?: string[]): TestAuthority;
  revoke(made: Made, reason?: string): void;
  /** A new CRL in DER; `days` until its next update, `extensions` as openssl has them. */
  crl(options?: { days?: number; extensions?: string[] }): Buffer;
  /** The database of `openssl ca`, which `openssl ocsp` reads. */
  index: string;
}

const leaf = ['keyUsage=critical,digitalSignature,nonRepudiation', 'basicConstraints=CA:false'];
const authority = ['basicConstraints=critical,CA:true', 'keyUsage=critical,keyCertSign,cRLSign'];
const identifiers = ['subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid'];

/** Days from now as openssl writes times. */
const stamp = (days: number): string =>
  `${new Date(Date.now() + days * 86_400_000)
    .toISOString()
    .replace(/[-:T]|\.\d+/g, '')
    .slice(0, 14)}Z`;

/** Makes authorities and certificates by Debian's openssl, so that somebody else than we speaks. Remove them with `remove`. */
export const makeCertificates = (): {
  folder: string;
  root(name: string): TestAuthority;
  openssl(...args: string[]): Buffer;
  remove(): void;
} => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const openssl = (...args: string[]): Buffer =>
    execFileSync('/usr/bin/openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let count = 0;

  const makeKey = (kind: 'rsa' | 'ec' | 'weak' = 'rsa'): string => {
    const file = join(folder, `key-${++count}.pem`);
    const how =
      kind === 'ec'
        ? ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
        : ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${kind === 'weak' ? 1024 : 2048}`];
    openssl('genpkey', ...how, '-out', file);
    return file;
  };
  const read = (certificateFile: string): Buffer =>
    openssl('x509', '-in', certificateFile, '-outform', 'DER');

  const offer = (made: Made): TestAuthority => {
    const home = join(folder, `ca-${++count}`);
    mkdirSync(home);
    const index = join(home, 'index.txt');
    writeFileSync(index, '');
    writeFileSync(join(home, 'index.txt.attr'), 'unique_subject = no\n');
    writeFileSync(join(home, 'crlnumber'), '01\n');
    const configuration = (extensions: string[]): string => {
      const file = join(home, 'ca.cnf');
      const lines = [
        '[ca]',
        'default_ca=here',
        '[here]',
        `database=${index}`,
        `new_certs_dir=${home}`,
        'rand_serial=yes',
        `crlnumber=${join(home, 'crlnumber')}`,
        'default_md=sha256',
        'default_crl_days=7',
        'policy=any',
        '[any]',
        'commonName=supplied',
        '[wished]',
        ...extensions,
      ];
      writeFileSync(file, `${lines.join('\n')}\n`);
      return file;
    };
    const signer = ['-cert', made.certificateFile, '-keyfile', made.keyFile];
    const issue = ({ name, extensions = leaf, key, from = -1, until = 365 }: CertificateWish): Made => {
      const keyFile = makeKey(key);
      const [request, certificateFile] = [join(home, `${count}.csr`), join(home, `${++count}.pem`)];
      openssl('req', '-new', '-utf8', '-key', keyFile, '-subj', `/CN=${name}`, '-out', request);
      const file = configuration([...extensions, ...identifiers]);
      openssl(
        'ca',
        '-batch',
        '-utf8',
        '-notext',
        '-config',
        file,
        ...signer,
        '-extensions',
        'wished',
        '-startdate',
        stamp(from),
        '-enddate',
        stamp(until),
        '-in',
        request,
        '-out',
        certificateFile,
      );
      return { keyFile, certificateFile, certificate: read(certificateFile) };
    };
    return {
      ...made,
      index,
      issue,
      issueAuthority: (name, extensions = authority) => offer(issue({ name, extensions })),
      revoke: ({ certificateFile }, reason = 'keyCompromise') => {
        const file = configuration([]);
        openssl('ca', '-config', file, ...signer, '-revoke', certificateFile, '-crl_reason', reason);
      },
      crl: ({ days = 7, extensions = [] } = {}) => {
        const [file, out] = [configuration(extensions), join(home, 'crl.pem')];
        const wished = extensions.length > 0 ? ['-crlexts', 'wished'] : [];
        openssl(
          'ca',
          '-config',
          file,
          ...signer,
          '-gencrl',
          '-crldays',
          String(days),
          ...wished,
          '-out',
          out,
        );
        return openssl('crl', '-in', out, '-outform', 'DER');
      },
    };
  };

  return {
    folder,
    openssl,
    root: name => {
      const keyFile = makeKey();
      const certificateFile = join(folder, `root-${++count}.pem`);
      const added = authority.flatMap(extension => ['-addext', extension]);
      const subject = ['-subj', `/CN=${name}`, '-days', '3650'];
      openssl(
        'req',
        '-x509',
        '-utf8',
        '-new',
        '-key',
        keyFile,
        ...subject,
        ...added,
        '-out',
        certificateFile,
      );
      return offer({ keyFile, certificateFile, certificate: read(certificateFile) });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
