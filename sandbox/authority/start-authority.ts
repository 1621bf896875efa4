import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import {
  type Issuer,
  makeCertificate,
  makeKey,
  nameOf,
  readRequest,
} from '#sandbox/authority/certificates.ts';
import { answerTimeStamp } from '#sandbox/authority/time-stamp.ts';

const names = { C: '2.5.4.6', O: '2.5.4.10', CN: '2.5.4.3' };

interface Kept {
  root: { certificate: string; key: string };
  issuing: { certificate: string; key: string };
  stamper: { certificate: string; key: string };
}

const person = (cn: string) =>
  nameOf({ [names.C]: 'VN', [names.O]: 'Ban Cơ yếu Chính phủ (đóng vai)', [names.CN]: cn });

const makeAll = async (): Promise<Kept> => {
  const [root, issuing, stamper] = [makeKey(), makeKey(), makeKey()];
  const rootCertificate = await makeCertificate({
    subject: person('Chứng thực gốc (đóng vai)'),
    publicKey: root.publicKey,
    purpose: 'authority',
    issuer: { key: root.privateKey },
    days: 3650,
  });
  const byRoot = { certificate: rootCertificate, key: root.privateKey };
  const common = { issuer: byRoot, days: 1825 };
  const issuingCertificate = await makeCertificate({
    ...common,
    subject: person('Chứng thực công vụ (đóng vai)'),
    publicKey: issuing.publicKey,
    purpose: 'authority',
  });
  const stamperCertificate = await makeCertificate({
    ...common,
    subject: person('Dấu thời gian (đóng vai)'),
    publicKey: stamper.publicKey,
    purpose: 'time-stamping',
  });
  const keep = (certificate: Buffer, key: string) => ({ certificate: certificate.toString('base64'), key });
  return {
    root: keep(rootCertificate, root.privateKey),
    issuing: keep(issuingCertificate, issuing.privateKey),
    stamper: keep(stamperCertificate, stamper.privateKey),
  };
};

const open = ({ certificate, key }: Kept['root']): Issuer => ({
  certificate: Buffer.from(certificate, 'base64'),
  key,
});

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

export interface RunningAuthority {
  origin: string;
  timeStampUrl: string;
  /** DER. */
  root: Buffer;
  issuing: Buffer;
  /** A certificate for a request (PKCS#10, DER). */
  issue(request: Uint8Array, options?: { days?: number }): Promise<Buffer>;
  stop(): Promise<void>;
}

/**
 * A certificate authority and a time-stamp authority, played: `POST /requests` (PKCS#10 in DER → certificate in DER),
 * `POST /time-stamp` (RFC 3161), `GET /root`, `GET /issuing`, and `POST /_faults {"mode":"down"|"ok"}`. `file` keeps keys and
 * certificates, so that they are the same at the next start.
 */
export const startAuthority = async ({
  file,
  port = 0,
}: {
  file?: string;
  port?: number;
} = {}): Promise<RunningAuthority> => {
  let kept: Kept;
  if (file !== undefined && existsSync(file)) kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
  else {
    kept = await makeAll();
    if (file !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
    }
  }
  const [root, issuing, stamper] = [open(kept.root), open(kept.issuing), open(kept.stamper)];
  const issue = async (request: Uint8Array, { days = 365 }: { days?: number } = {}): Promise<Buffer> =>
    makeCertificate({ ...(await readRequest(request)), purpose: 'signing', issuer: issuing, days });
  let down = false;

  const server = createServer((request, response) => {
    const answer = async (): Promise<[number, string, Buffer | string]> => {
      const body = await readBody(request);
      if (request.url === '/_faults') {
        down = (JSON.parse(body.toString()) as { mode: string }).mode === 'down';
        return [200, 'application/json', JSON.stringify({ mode: down ? 'down' : 'ok' })];
      }
      if (down) return [503, 'text/plain', 'down'];
      if (request.url === '/requests') return [200, 'application/pkix-cert', await issue(body)];
      if (request.url === '/time-stamp')
        return [200, 'application/timestamp-reply', await answerTimeStamp(body, stamper, [])];
      if (request.url === '/root') return [200, 'application/pkix-cert', root.certificate];
      if (request.url === '/issuing') return [200, 'application/pkix-cert', issuing.certificate];
      return [404, 'text/plain', 'not here'];
    };
    void answer()
      .catch((error: Error): [number, string, string] => [400, 'text/plain', error.message])
      .then(([status, type, body]) => response.writeHead(status, { 'content-type': type }).end(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    timeStampUrl: `${origin}/time-stamp`,
    root: root.certificate,
    issuing: issuing.certificate,
    issue,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};
