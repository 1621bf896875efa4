import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildPath } from '#signature/certificates/build-path.ts';
import { checkSigningCertificate } from '#signature/certificates/check-signing-certificate.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';
import { type Made, makeCertificates, type TestAuthority } from '#tests/support/make-certificates.ts';

const leaf = ['keyUsage=critical,digitalSignature', 'basicConstraints=CA:false'];

describe('Certificates', () => {
  const made = makeCertificates();
  let root: TestAuthority;
  let issuing: TestAuthority;
  let person: Made;
  before(() => {
    root = made.root('Gốc tỉnh');
    issuing = root.issueAuthority('Cấp phát tỉnh');
    person = issuing.issue({
      name: 'Nguyễn Văn An, Sở Nội vụ',
      extensions: [
        ...leaf,
        'authorityInfoAccess=OCSP;URI:http://ocsp.example.test,caIssuers;URI:http://ca.example.test/ca.cer',
        'crlDistributionPoints=URI:http://crl.example.test/ca.crl',
        'extendedKeyUsage=emailProtection',
      ],
    });
  });
  after(() => made.remove());

  describe('when they are read', () => {
    it('tell who, by whom, for what and where to ask', () => {
      const read = readCertificate(person.certificate);
      assert.equal(read.subject, 'CN=Nguyễn Văn An\\, Sở Nội vụ');
      assert.equal(read.issuer, 'CN=Cấp phát tỉnh');
      const shown = made
        .openssl('x509', '-in', person.certificateFile, '-noout', '-serial', '-enddate')
        .toString();
      assert.match(shown, new RegExp(`serial=0?${read.serial}\\n`, 'i'));
      assert.equal(new Date(/notAfter=(.*)/.exec(shown)![1]!).getTime(), read.notAfter.getTime());
      assert.deepEqual(read.keyUsage, ['digitalSignature']);
      assert.deepEqual(read.extendedKeyUsage, ['1.3.6.1.5.5.7.3.4']);
      assert.deepEqual(read.ocspUrls, ['http://ocsp.example.test']);
      assert.deepEqual(read.issuerUrls, ['http://ca.example.test/ca.cer']);
      assert.deepEqual(read.crlUrls, ['http://crl.example.test/ca.crl']);
      assert.equal(read.isAuthority, false);
      assert.equal(readCertificate(issuing.certificate).isAuthority, true);
    });
    it('are refused when cut, followed by something, or something else', () => {
      const { certificate } = person;
      const refused = { name: 'SignatureFault', code: 'certificate-unreadable' };
      for (let length = 0; length < certificate.length; length += 5)
        assert.throws(() => readCertificate(certificate.subarray(0, length)), refused);
      assert.throws(() => readCertificate(Buffer.concat([certificate, Buffer.alloc(1)])), refused);
      assert.throws(() => readCertificate(readFileSync(person.certificateFile)), refused);
      assert.throws(() => readCertificate(Buffer.from('3084ffffffff3082', 'hex')), refused);
    });
  });

  describe('when somebody is to sign with them', () => {
    const refused = (code: string) => ({ name: 'SignatureFault', code });
    it('are taken when they are valid, for signing, and of the key', () => {
      const publicKey = createPublicKey(readFileSync(person.keyFile));
      assert.equal(
        checkSigningCertificate(person.certificate, { publicKey }).subject,
        'CN=Nguyễn Văn An\\, Sở Nội vụ',
      );
      const ec = issuing.issue({ name: 'EC', key: 'ec' });
      assert.doesNotThrow(() => checkSigningCertificate(ec.certificate));
    });
    it('are refused when expired or not valid yet', () => {
      const [old, young] = [{ from: -10, until: -1 }, { from: 1 }].map(days =>
        issuing.issue({ name: 'X', ...days }),
      );
      assert.throws(() => checkSigningCertificate(old!.certificate), refused('certificate-expired'));
      assert.throws(() => checkSigningCertificate(young!.certificate), refused('certificate-expired'));
      const at = new Date(Date.now() - 5 * 86_400_000);
      assert.doesNotThrow(() => checkSigningCertificate(old!.certificate, { at }));
    });
    it('are refused when they are for something else, an authority’s, weak, or of another key', () => {
      const other = issuing.issue({ name: 'Mã hóa', extensions: ['keyUsage=critical,keyEncipherment'] });
      const weak = issuing.issue({ name: 'Yếu', key: 'weak' });
      const wrong = refused('certificate-not-for-signing');
      for (const { certificate } of [other, weak, issuing])
        assert.throws(() => checkSigningCertificate(certificate), wrong);
      const publicKey = createPublicKey(readFileSync(weak.keyFile));
      assert.throws(() => checkSigningCertificate(person.certificate, { publicKey }), wrong);
    });
    it('are refused when they cannot be read', () => {
      assert.throws(() => checkSigningCertificate(Buffer.from('no')), refused('certificate-unreadable'));
    });
  });

  describe('when their path is sought', () => {
    const path = (certificate: Made, others: Made[], roots: Made[] = [root], at = new Date()) => {
      const bytes = (list: Made[]) => list.map(one => one.certificate);
      const found = buildPath({
        certificate: certificate.certificate,
        others: bytes(others),
        roots: bytes(roots),
        at,
      });
      const codes = found.reasons.map(({ code }) => code);
      return { names: found.path.map(({ subject }) => subject), trusted: found.trusted, codes };
    };
    it('are trusted when the path ends at our root, in whatever order the others come', () => {
      const noise = made.root('Khác');
      const found = path(person, [noise, root, issuing]);
      assert.deepEqual(found.codes, []);
      assert.deepEqual(found.names.slice(1), ['CN=Cấp phát tỉnh', 'CN=Gốc tỉnh']);
      assert.ok(found.trusted);
    });
    it('are not trusted without the issuer, or by a root that came along with them', () => {
      assert.deepEqual(path(person, []).codes, ['issuer-unknown']);
      const own = made.root('Tự lập');
      const theirs = own.issue({ name: 'Kẻ lạ' });
      assert.deepEqual(path(theirs, [own]).codes, ['issuer-unknown']);
      assert.deepEqual(path(person, [issuing, root], [own]).codes, ['issuer-unknown']);
    });
    it('are not trusted through an authority of the same name with another key', () => {
      const double = made.root('Cấp phát tỉnh');
      const theirs = double.issue({ name: 'Kẻ lạ' });
      assert.equal(path(theirs, [issuing, root]).trusted, false);
      assert.ok(path(person, [double, issuing]).trusted);
    });
    it('are not trusted when somebody who is no authority issued them', () => {
      const notAnAuthority = root.issueAuthority('Người thường', ['basicConstraints=critical,CA:false']);
      const theirs = notAnAuthority.issue({ name: 'Kẻ lạ' });
      assert.equal(path(theirs, [notAnAuthority]).trusted, false);
    });
    it('are not trusted when an authority may not have another below it', () => {
      const last = root.issueAuthority('Cuối', [
        'basicConstraints=critical,CA:true,pathlen:0',
        'keyUsage=keyCertSign',
      ]);
      const below = last.issueAuthority('Dưới');
      const theirs = below.issue({ name: 'Kẻ lạ' });
      assert.deepEqual(path(theirs, [last, below]).codes, ['path-too-long']);
      assert.ok(path(last.issue({ name: 'Người' }), [last]).trusted);
    });
    it('are judged for the time asked for', () => {
      const old = issuing.issue({ name: 'Cũ', from: -10, until: -5 });
      assert.deepEqual(path(old, [issuing]).codes, ['certificate-expired']);
      const early = new Date(Date.now() - 100 * 86_400_000);
      assert.ok(path(person, [issuing], [root], early).codes.includes('certificate-not-yet-valid'));
    });
    it('are not trusted with a critical extension that we do not know', () => {
      const strange = issuing.issue({ name: 'Lạ', extensions: [...leaf, '1.2.3.4=critical,DER:0500'] });
      assert.deepEqual(path(strange, [issuing]).codes, ['critical-extension-unknown']);
      const bound = root.issueAuthority('Hẹp', [
        'basicConstraints=critical,CA:true',
        'nameConstraints=critical,permitted;DNS:example.test',
      ]);
      assert.deepEqual(path(bound.issue({ name: 'Người' }), [bound]).codes, ['critical-extension-unknown']);
    });
    it('are found among several authorities of one name', () => {
      const heap = Array.from({ length: 4 }, () => made.root('Cấp phát tỉnh'));
      assert.ok(path(person, [...heap, issuing]).trusted);
    });
  });
});
