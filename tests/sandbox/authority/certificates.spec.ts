import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import { type Openssl, openOpenssl } from './openssl.ts';

const dayMs = 86_400_000;

describe('Certificates of the played authority', () => {
  let authority: RunningAuthority;
  let openssl: Openssl;
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const subject = { C: 'VN', L: 'Huế', O: 'Sở Nội vụ', CN: 'Nguyễn Văn Bình', UID: '046123456789' };
  const makeRequest = (...key: string[]): Buffer =>
    openssl.run(
      ...['req', '-newkey', ...key, '-nodes', '-utf8', '-keyout', 'leaf.key', '-outform', 'DER'],
      ...['-subj', '/C=VN/O=Sở Y tế/CN=Trần Thị Hoà'],
    );
  const verify = (der: Uint8Array, ...more: string[]) => {
    openssl.writeCertificate('leaf.pem', der);
    return openssl.ask('verify', ...more, '-CAfile', 'root.pem', '-untrusted', 'issuing.pem', 'leaf.pem');
  };
  const show = (der: Uint8Array): string => {
    openssl.writeCertificate('shown.pem', der);
    const { text } = openssl.ask(
      'x509',
      '-in',
      'shown.pem',
      '-noout',
      '-text',
      '-nameopt',
      'RFC2253,-esc_msb,utf8',
    );
    return text;
  };

  before(async () => {
    openssl = openOpenssl();
    authority = await startAuthority();
    openssl.writeCertificate('root.pem', authority.root);
    openssl.writeCertificate('issuing.pem', authority.issuing);
  });
  after(async () => {
    await authority.stop();
    openssl.close();
  });

  it('are what their requests ask for, and stand under the root', async () => {
    for (const key of [['rsa:2048'], ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']]) {
      const der = await authority.issue({ request: makeRequest(...key) });
      assert.deepEqual(verify(der), { ok: true, text: 'leaf.pem: OK\n' });
      assert.match(show(der), /Subject: CN=Trần Thị Hoà,O=Sở Y tế,C=VN\n/);
      const certificate = new X509Certificate(der);
      assert.ok(certificate.checkIssued(new X509Certificate(authority.issuing)));
    }
  });

  it('are made for a public key too, with the subject given; PEM and DER requests are one', async () => {
    const text = show(await authority.issue({ publicKey, subject }));
    assert.match(text, /Subject: UID=046123456789,CN=Nguyễn Văn Bình,O=Sở Nội vụ,L=Huế,C=VN\n/);
    assert.match(
      text,
      /Issuer: CN=Chứng thực số chuyên dùng công vụ các tỉnh \(đóng vai\),O=Cục Chứng thực số/,
    );
    const pem = openssl.run('req', '-new', '-key', 'leaf.key', '-subj', '/CN=A');
    assert.match(show(await authority.issue({ request: pem, subject })), /CN=Nguyễn Văn Bình/);
  });

  it('say what they are for', async () => {
    const of = async (purpose: 'person' | 'seal' | 'time-stamping' | 'ocsp') =>
      show(await authority.issue({ publicKey, subject, purpose }));
    assert.match(
      await of('person'),
      /critical\s+Digital Signature, Non Repudiation\s[\s\S]*TLS Web Client Authentication/,
    );
    const seal = await of('seal');
    assert.match(seal, /E-mail Protection/);
    assert.doesNotMatch(seal, /TLS Web Client Authentication/);
    assert.match(await of('time-stamping'), /Extended Key Usage: critical\s+Time Stamping\n/);
    assert.match(await of('ocsp'), /OCSP Signing\s+OCSP No Check/);
    for (const text of [seal, await of('ocsp')]) assert.match(text, /Basic Constraints: critical\s+CA:FALSE/);
  });

  it('lead to where they can be asked about, as far as wanted', async () => {
    const { origin } = authority;
    const text = show(await authority.issue({ publicKey, subject }));
    for (const url of [
      `OCSP - URI:${origin}/ocsp`,
      `CA Issuers - URI:${origin}/ca/issuing.cer`,
      `${origin}/crl/issuing.crl`,
    ])
      assert.ok(text.includes(url), url);
    const answer = await fetch(`${origin}/ca/issuing.cer`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), authority.issuing);
    const silent = show(await authority.issue({ publicKey, subject, pointers: [] }));
    assert.doesNotMatch(silent, /URI:/);
  });

  it('may have expired already, or be valid only later', async () => {
    const from = (days: number) => new Date(Date.now() + days * dayMs);
    const expired = await authority.issue({ publicKey, subject, notBefore: from(-30), notAfter: from(-1) });
    assert.match(verify(expired).text, /certificate has expired/);
    const then = String(Math.floor(from(-2).getTime() / 1000));
    assert.ok(verify(expired, '-attime', then).ok);
    const early = await authority.issue({ publicKey, subject, notBefore: from(1) });
    assert.match(verify(early).text, /certificate is not yet valid/);
  });

  it('are not made for a request that is not signed by its own key', async () => {
    const request = makeRequest('rsa:2048');
    request[request.length - 1]! ^= 1;
    await assert.rejects(authority.issue({ request }), /not signed by its own key/);
    await assert.rejects(authority.issue({ request: Buffer.from('junk') }), /not a PKCS#10 request/);
  });

  it('are made over HTTP, many at a time, each with a serial number of its own', async () => {
    const body = new Uint8Array(makeRequest('rsa:2048'));
    const url = `${authority.origin}/requests?purpose=seal&notAfter=2030-01-01`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const answer = await fetch(url, { method: 'POST', body });
        assert.equal(answer.status, 201);
        return (await answer.json()) as { certificate: string; chain: string[] };
      }),
    );
    const [first] = answers;
    const certificate = Buffer.from(first!.certificate, 'base64');
    assert.deepEqual(first!.chain, [authority.issuing.toString('base64')]);
    assert.ok(verify(certificate).ok);
    assert.match(show(certificate), /Not After : Jan {2}1 00:00:00 2030 GMT/);
    const serials = answers.map(
      one => new X509Certificate(Buffer.from(one.certificate, 'base64')).serialNumber,
    );
    assert.equal(new Set(serials).size, 20);
    const refused = await fetch(url, { method: 'POST', body: 'junk' });
    assert.equal(refused.status, 400);
  });

  it('stand under the same root at the same address after a restart, and what was revoked stays so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-authority-kept-'));
    try {
      const before = await startAuthority({ folder });
      const der = await before.issue({ publicKey, subject });
      const { serialNumber } = new X509Certificate(der);
      before.revoke(serialNumber, 'superseded');
      await before.stop();
      for (const name of ['root', 'issuing', 'ocsp', 'time-stamp'])
        assert.equal(statSync(join(folder, `${name}.key.pem`)).mode & 0o777, 0o600);
      const again = await startAuthority({ folder });
      try {
        assert.deepEqual(again.root, before.root);
        assert.deepEqual(again.issuing, before.issuing);
        assert.equal(again.origin, before.origin);
        const list = Buffer.from(await (await fetch(again.crlUrl)).arrayBuffer());
        openssl.write('kept.crl', list);
        const { text } = openssl.ask('crl', '-inform', 'DER', '-in', 'kept.crl', '-noout', '-text');
        assert.match(text, new RegExp(`Serial Number: ${serialNumber}`));
        assert.match(readFileSync(join(folder, 'certificates.jsonl'), 'utf8'), /"superseded"/);
      } finally {
        await again.stop();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
