import assert from 'node:assert/strict';
import { judgeRevocation } from '#signature/certificates/judge-revocation.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';
import { forgeIndex, makeOcsp } from '#tests/signature/certificates/make-proofs.ts';
import { type Made, makeCertificates, type TestAuthority } from '#tests/support/make-certificates.ts';

const day = 86_400_000;
const url = 'http://crl.example.test/issuing.crl';
const signing = ['keyUsage=critical,digitalSignature', `crlDistributionPoints=URI:${url}`];
const delegate = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=OCSPSigning'];

describe('Judging whether a certificate was revoked', () => {
  const made = makeCertificates();
  let root: TestAuthority;
  let issuing: TestAuthority;
  let good: Made;
  let revoked: Made;
  let responder: Made;
  let forged: string;
  before(() => {
    root = made.root('Gốc tỉnh');
    issuing = root.issueAuthority('Cấp phát tỉnh');
    good = issuing.issue({ name: 'Nguyễn Văn An', extensions: signing });
    revoked = issuing.issue({ name: 'Trần Thị Bình', extensions: signing });
    responder = issuing.issue({ name: 'OCSP', extensions: [...delegate, 'noCheck=yes'] });
    issuing.revoke(revoked);
    forged = forgeIndex(made, issuing);
  });
  after(() => made.remove());

  const judge = (
    certificate: Made,
    { ocsps = [], crls = [], at = new Date() }: { ocsps?: Buffer[]; crls?: Buffer[]; at?: Date },
    issuer: Made = issuing,
    now = new Date(Math.max(Date.now(), at.getTime())),
  ) => {
    const [subject, authority] = [certificate, issuer].map(one => readCertificate(one.certificate));
    const { status, reasons } = judgeRevocation({
      certificate: subject!,
      issuer: authority!,
      ocsps,
      crls,
      at,
      now,
    });
    return [status, ...reasons.map(({ code }) => code)].join(' ');
  };
  const ocsp = (certificate: Made, by: Made = responder, more = {}) =>
    makeOcsp(made, { issuer: issuing, certificate, responder: by, ...more });

  it('says unknown, and never good, when there is no proof', () => {
    assert.equal(judge(good, {}), 'unknown revocation-missing');
    assert.equal(judge(good, { ocsps: [Buffer.from('none')] }), 'unknown ocsp-unreadable');
    assert.equal(judge(good, { crls: [Buffer.from('none')] }), 'unknown crl-unreadable');
  });

  describe('by OCSP', () => {
    it('believes the issuer itself and a responder that the issuer has appointed', () => {
      for (const by of [issuing, responder]) {
        assert.equal(judge(good, { ocsps: [ocsp(good, by)] }), 'good');
        assert.equal(judge(revoked, { ocsps: [ocsp(revoked, by)] }), 'revoked certificate-revoked');
      }
    });
    it('does not believe "good" that was signed by a key somebody made, whatever its certificate says', () => {
      const stranger = made.root('Cấp phát tỉnh');
      const own = stranger.issue({ name: 'OCSP', extensions: [...delegate, 'noCheck=yes'] });
      const forge = (by: Made) => ocsp(revoked, by, { index: forged });
      assert.equal(judge(revoked, { ocsps: [forge(own)] }), 'unknown ocsp-responder-of-other-issuer');
      assert.match(judge(revoked, { ocsps: [forge(stranger)] }), /^unknown ocsp-/);
      const both = { ocsps: [forge(own)], crls: [issuing.crl()] };
      assert.equal(judge(revoked, both), 'revoked certificate-revoked');
    });
    it('does not believe another certificate of the same issuer without the right to answer', () => {
      const answer = ocsp(revoked, good, { index: forged });
      assert.equal(judge(revoked, { ocsps: [answer] }), 'unknown ocsp-responder-not-allowed');
    });
    it('does not believe a responder of the root for certificates of the authority below', () => {
      const above = root.issue({ name: 'OCSP', extensions: [...delegate, 'noCheck=yes'] });
      const answer = ocsp(good, above);
      assert.equal(judge(good, { ocsps: [answer] }), 'unknown ocsp-responder-of-other-issuer');
    });
    it('asks for a proof of the responder, too, unless the issuer freed it from that', () => {
      const bound = issuing.issue({ name: 'OCSP 2', extensions: delegate });
      const answer = ocsp(good, bound);
      assert.equal(judge(good, { ocsps: [answer] }), 'unknown ocsp-responder-unchecked');
      assert.match(judge(good, { ocsps: [answer], crls: [issuing.crl()] }), /^good/);
      const lost = issuing.issue({ name: 'OCSP 3', extensions: delegate });
      const lostAnswer = ocsp(revoked, lost, { index: forged });
      issuing.revoke(lost);
      const said = judge(good, { ocsps: [ocsp(good, lost)], crls: [issuing.crl({ days: 7 })] });
      assert.match(said, /ocsp-responder-revoked/);
      assert.match(judge(revoked, { ocsps: [lostAnswer], crls: [issuing.crl()] }), /^revoked/);
    });
    it('does not take an answer about another certificate', () => {
      assert.equal(judge(revoked, { ocsps: [ocsp(good)] }), 'unknown ocsp-of-other-certificate');
    });
    it('does not take an answer whose bytes were changed', () => {
      const answer = ocsp(good);
      for (let at = 60; at < answer.length; at += 41) {
        const changed = Buffer.from(answer);
        changed[at] = changed[at]! ^ 0x20;
        assert.match(judge(good, { ocsps: [changed] }), /^unknown/, `byte ${at}`);
      }
    });
    it('does not take an answer that was old at the time asked for, nor one from the future', () => {
      const answer = ocsp(good);
      const inThree = new Date(Date.now() + 3 * day);
      assert.equal(judge(good, { ocsps: [answer], at: inThree }), 'unknown ocsp-stale');
      const yesterday = new Date(Date.now() - day / 2);
      assert.equal(judge(good, { ocsps: [answer], at: yesterday }), 'good');
      assert.equal(
        judge(good, { ocsps: [answer], at: yesterday }, issuing, yesterday),
        'unknown ocsp-from-the-future',
      );
    });
    it('takes an answer without a next update only for some minutes', () => {
      const answer = ocsp(good, responder, { options: [] });
      assert.equal(judge(good, { ocsps: [answer] }), 'good');
      const inHalfAnHour = new Date(Date.now() + 30 * 60_000);
      assert.equal(judge(good, { ocsps: [answer], at: inHalfAnHour }), 'unknown ocsp-stale');
    });
    it('compares the time of revocation with the time asked for', () => {
      const before = new Date(Date.now() - day / 2);
      assert.equal(judge(revoked, { ocsps: [ocsp(revoked)], at: before }), 'good');
      assert.match(judge(revoked, { crls: [issuing.crl()], at: before }), /^good/);
    });
    it('does not say good of a certificate that the responder does not know', () => {
      const elsewhere = made.root('Khác');
      const answer = ocsp(good, responder, { index: elsewhere.index });
      assert.equal(judge(good, { ocsps: [answer] }), 'unknown ocsp-says-unknown');
    });
  });

  describe('by CRL', () => {
    it('believes the current list of the issuer', () => {
      assert.equal(judge(good, { crls: [issuing.crl()] }), 'good');
      assert.equal(judge(revoked, { crls: [issuing.crl()] }), 'revoked certificate-revoked');
    });
    it('does not take a list of another issuer, also when it has the same name', () => {
      const stranger = made.root('Cấp phát tỉnh');
      assert.equal(judge(good, { crls: [root.crl()] }), 'unknown crl-of-other-issuer');
      assert.equal(judge(revoked, { crls: [stranger.crl()] }), 'unknown crl-signature-wrong');
    });
    it('does not say good by a list that was old at the time asked for, but revoked stays revoked', () => {
      const list = issuing.crl({ days: 1 });
      const later = new Date(Date.now() + 3 * day);
      assert.equal(judge(good, { crls: [list], at: later }), 'unknown crl-stale');
      assert.equal(judge(revoked, { crls: [list], at: later }), 'revoked certificate-revoked');
    });
    it('does not say good by a list that is indirect, or of some certificates or reasons only', () => {
      const of = (...point: string[]) => {
        const [extension, ...sections] = point;
        return issuing.crl({ extensions: [`issuingDistributionPoint=critical,${extension}`, ...sections] });
      };
      assert.equal(judge(good, { crls: [of('indirectCRL:TRUE')] }), 'unknown crl-indirect');
      for (const partial of ['onlyCA:TRUE', 'onlyAA:TRUE', 'onlysomereasons:keyCompromise'])
        assert.equal(judge(good, { crls: [of(partial)] }), 'unknown crl-partial', partial);
      assert.equal(judge(good, { crls: [of('onlyuser:TRUE')] }), 'good');
      const ofPoint = (where: string) => of('@point', '[point]', `fullname=URI:${where}`);
      assert.equal(judge(good, { crls: [ofPoint(url)] }), 'good');
      assert.equal(judge(good, { crls: [ofPoint('http://crl.example.test/2.crl')] }), 'unknown crl-partial');
    });
    it('does not say good of a certificate that had expired, for lists forget those', () => {
      const short = issuing.issue({ name: 'Ngắn hạn', extensions: signing, from: -10, until: -1 });
      assert.equal(
        judge(short, { crls: [issuing.crl()], at: new Date(Date.now() - 2 * day) }),
        'unknown crl-after-expiry',
      );
    });
    it('does not take a list that was cut', () => {
      const list = issuing.crl();
      for (let length = 0; length < list.length; length += 23)
        assert.equal(judge(good, { crls: [list.subarray(0, length)] }), 'unknown crl-unreadable');
    });
  });
});
