import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectRevocation } from '#signature/certificates/collect-revocation.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';
import { type Made, makeCertificates, type TestAuthority } from '#tests/support/make-certificates.ts';

const [ocspUrl, crlUrl, rootCrlUrl, caUrl] = ['ocsp', 'issuing.crl', 'root.crl', 'issuing.cer'].map(
  name => `http://pki.example.test/${name}`,
) as [string, string, string, string];

describe('Collecting the proofs that certificates were not revoked', () => {
  const made = makeCertificates();
  let root: TestAuthority;
  let issuing: TestAuthority;
  let person: Made;
  let responder: Made;
  before(() => {
    root = made.root('Gốc tỉnh');
    issuing = root.issueAuthority('Cấp phát tỉnh', [
      'basicConstraints=critical,CA:true',
      'keyUsage=critical,keyCertSign,cRLSign',
      `crlDistributionPoints=URI:${rootCrlUrl}`,
    ]);
    const where = [
      `authorityInfoAccess=OCSP;URI:${ocspUrl},caIssuers;URI:${caUrl}`,
      `crlDistributionPoints=URI:ldap://pki.example.test/x,URI:${crlUrl}`,
    ];
    person = issuing.issue({ name: 'Nguyễn Văn An', extensions: ['keyUsage=digitalSignature', ...where] });
    const answering = ['keyUsage=digitalSignature', 'extendedKeyUsage=OCSPSigning', ...where.slice(1)];
    responder = issuing.issue({ name: 'OCSP', extensions: answering });
  });
  after(() => made.remove());

  const answer = (request: Buffer): Buffer => {
    const [asked, answered] = [join(made.folder, 'asked'), join(made.folder, 'answered')];
    writeFileSync(asked, request);
    const signer = ['-rsigner', responder.certificateFile, '-rkey', responder.keyFile, '-ndays', '1'];
    const base = [
      '-index',
      issuing.index,
      '-CA',
      issuing.certificateFile,
      '-reqin',
      asked,
      '-respout',
      answered,
    ];
    made.openssl('ocsp', ...base, ...signer);
    return readFileSync(answered);
  };
  /** The outside: what each address gives; addresses that are left out do not answer. */
  const collect = async (path: Made[], places: Record<string, (body?: Buffer) => Buffer>) => {
    const asked: string[] = [];
    const fetch = async (url: string, body?: Buffer) => {
      asked.push(url);
      const place = places[url];
      if (!place) throw new Error('no answer');
      return place(body);
    };
    const proofs = await collectRevocation({
      path: path.map(one => readCertificate(one.certificate)),
      fetch,
    });
    return { ...proofs, asked, statuses: proofs.judged.map(({ status }) => status) };
  };
  const all = () => ({
    [ocspUrl]: (body?: Buffer) => answer(body!),
    [crlUrl]: () => issuing.crl(),
    [rootCrlUrl]: () => root.crl(),
    [caUrl]: () => issuing.certificate,
  });

  it('takes OCSP first, a CRL where there is no OCSP, and the CRL that speaks for the responder', async () => {
    const { ocsps, crls, certificates, statuses, asked } = await collect([person, issuing, root], all());
    assert.deepEqual(statuses, ['good', 'good']);
    assert.deepEqual([ocsps.length, crls.length], [1, 2]);
    assert.ok(certificates.some(one => one.equals(responder.certificate)));
    assert.deepEqual(asked, [ocspUrl, crlUrl, rootCrlUrl]);
  });
  it('takes the CRL when the OCSP responder is away, or answers nonsense', async () => {
    const { [ocspUrl]: _, ...away } = all();
    const nonsense = { ...all(), [ocspUrl]: () => Buffer.from('busy') };
    for (const places of [away, nonsense]) {
      const { ocsps, crls, statuses } = await collect([person, issuing, root], places);
      assert.deepEqual(statuses, ['good', 'good']);
      assert.deepEqual([ocsps.length, crls.length], [0, 2]);
    }
  });
  it('finds the issuer that is missing in the path by its address', async () => {
    const { certificates, statuses } = await collect([person], all());
    assert.equal(statuses[0], 'good');
    assert.ok(certificates.some(one => one.equals(issuing.certificate)));
    const bag = ['crl2pkcs7', '-nocrl', '-certfile', issuing.certificateFile, '-outform', 'DER'];
    const inABag = await collect([person], { ...all(), [caUrl]: () => made.openssl(...bag) });
    assert.equal(inABag.statuses[0], 'good');
  });
  it('does not take another certificate for the issuer', async () => {
    const { statuses } = await collect([person], { ...all(), [caUrl]: () => root.certificate });
    assert.deepEqual(statuses, ['unknown']);
  });
  it('says unknown, and does not throw, when nobody answers', async () => {
    const { ocsps, crls, statuses } = await collect([person, issuing, root], {});
    assert.deepEqual(statuses, ['unknown', 'unknown']);
    assert.deepEqual([...ocsps, ...crls], []);
  });
  it('says revoked when it is', async () => {
    const lost = issuing.issue({
      name: 'Mất',
      extensions: [`authorityInfoAccess=OCSP;URI:${ocspUrl}`, `crlDistributionPoints=URI:${crlUrl}`],
    });
    issuing.revoke(lost);
    const { statuses } = await collect([lost, issuing, root], all());
    assert.deepEqual(statuses, ['revoked', 'good']);
  });
});
