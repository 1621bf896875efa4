import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partsOf, readDer } from '#signature/asn1/read-der.ts';
import { buildCms } from '#signature/cms/build-cms.ts';
import { checkSignature } from '#signature/cms/check-signature.ts';
import { judgeCms } from '#signature/cms/judge-cms.ts';
import { readCms } from '#signature/cms/read-cms.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';
import { type Made, makeCertificates, type TestAuthority } from '#tests/support/make-certificates.ts';

describe('Signatures in CMS', () => {
  const made = makeCertificates();
  const text = Buffer.from('Quyết định về việc bổ nhiệm');
  const digestOf = (hash: string) => createHash(hash).update(text).digest();
  let root: TestAuthority;
  let issuing: TestAuthority;
  let rsa: Made;
  let ec: Made;
  before(() => {
    root = made.root('Gốc tỉnh');
    issuing = root.issueAuthority('Cấp phát tỉnh');
    rsa = issuing.issue({ name: 'Nguyễn Văn An' });
    ec = issuing.issue({ name: 'Trần Thị Bình', key: 'ec' });
  });
  after(() => made.remove());

  const signAs = (signer: Made, signingTime?: Date) => {
    const { certificate } = signer;
    const attributes = signedAttributes({ digest: digestOf('sha256'), certificate, signingTime });
    const signature = sign('sha256', attributes, readFileSync(signer.keyFile));
    checkSignature({ certificate, attributes, signature });
    const chain = [root.certificate, issuing.certificate];
    return { attributes, signature, cms: buildCms({ attributes, signature, certificate, chain }) };
  };
  const verifyByOpenssl = (cms: Buffer, content = text) => {
    const [file, data] = [join(made.folder, 'it.p7s'), join(made.folder, 'it.txt')];
    writeFileSync(file, cms);
    writeFileSync(data, content);
    const what = ['-inform', 'DER', '-in', file, '-content', data, '-CAfile', root.certificateFile];
    return made.openssl('cms', '-verify', '-binary', '-cades', '-purpose', 'any', ...what);
  };
  const shown = (cms: Buffer): string => {
    writeFileSync(join(made.folder, 'show.p7s'), cms);
    return made.openssl('cms', '-cmsout', '-print', '-inform', 'DER', '-in', 'show.p7s').toString();
  };

  it('are believed by openssl with an RSA key and with a P-256 key, the signing certificate checked', () => {
    for (const signer of [rsa, ec]) assert.deepEqual(verifyByOpenssl(signAs(signer).cms), text);
    assert.throws(() => verifyByOpenssl(signAs(rsa).cms, Buffer.from('something else')));
  });
  it('carry their attributes sorted, and no signing-time unless CAdES asks for one', () => {
    const { attributes, cms } = signAs(rsa);
    assert.deepEqual(readCms(cms).attributes, attributes);
    const members = [...partsOf(readDer(attributes, 0x31))].map(({ raw }) => raw);
    assert.deepEqual(members, members.toSorted(Buffer.compare));
    assert.equal(members.length, 3);
    const print = shown(cms);
    for (const name of ['contentType', 'messageDigest', 'signingCertificateV2'])
      assert.ok(print.includes(name), print);
    assert.doesNotMatch(print, /signingTime/);
    assert.match(shown(signAs(rsa, new Date()).cms), /signingTime/);
  });
  it('carry the issuers but never the root', () => {
    const { certificates } = readCms(signAs(rsa).cms);
    assert.equal(certificates.length, 2);
    assert.ok(certificates.some(one => one.equals(issuing.certificate)));
    assert.ok(!certificates.some(one => one.equals(root.certificate)));
  });
  it('are refused before they are put in when they are of another hash or another key', () => {
    const { attributes, signature } = signAs(rsa);
    const refused = { name: 'SignatureFault', code: 'signature-not-of-hash' };
    const other = signedAttributes({ digest: Buffer.alloc(32), certificate: rsa.certificate });
    assert.throws(
      () => checkSignature({ certificate: rsa.certificate, attributes: other, signature }),
      refused,
    );
    assert.throws(() => checkSignature({ certificate: ec.certificate, attributes, signature }), refused);
    const nonsense = Buffer.from('nonsense');
    assert.throws(
      () => checkSignature({ certificate: rsa.certificate, attributes, signature: nonsense }),
      refused,
    );
  });
  it('hold when read again, and not when a byte of content, attributes or signature is another', () => {
    for (const signer of [rsa, ec]) {
      const { cms, attributes, signature } = signAs(signer);
      assert.deepEqual(judgeCms(readCms(cms), digestOf), []);
      const codes = (bytes: Buffer) => judgeCms(readCms(bytes), digestOf).map(({ code }) => code);
      const spoil = (part: Buffer) => {
        const spoiled = Buffer.from(cms);
        const at = cms.indexOf(part) + part.length - 1;
        spoiled[at] = spoiled[at]! ^ 1;
        return spoiled;
      };
      assert.deepEqual(codes(spoil(signature)), ['signature-wrong']);
      assert.ok(codes(spoil(attributes.subarray(4))).includes('signature-wrong'));
      assert.deepEqual(
        judgeCms(readCms(cms), () => Buffer.alloc(32)),
        [{ code: 'digest-mismatch' }],
      );
    }
  });
  it('do not hold for a certificate that was put in the place of the signer’s', () => {
    const { attributes } = signAs(rsa);
    const signature = sign('sha256', attributes, readFileSync(ec.keyFile));
    const cms = buildCms({ attributes, signature, certificate: ec.certificate, chain: [] });
    assert.deepEqual(judgeCms(readCms(cms), digestOf), [{ code: 'signing-certificate-mismatch' }]);
  });
  it('of openssl are read: detached, with indefinite lengths, with SHA-384, with a key identifier', () => {
    const data = join(made.folder, 'data.txt');
    writeFileSync(data, text);
    const by = [
      '-signer',
      rsa.certificateFile,
      '-inkey',
      rsa.keyFile,
      '-in',
      data,
      '-outform',
      'DER',
      '-binary',
    ];
    const signed = (...more: string[]) => readCms(made.openssl('cms', '-sign', ...by, ...more));
    const streamed = signed('-nodetach', '-stream', '-cades');
    assert.deepEqual(streamed.content, text);
    assert.deepEqual(judgeCms(streamed, digestOf), []);
    assert.equal(streamed.binding, 'bound');
    for (const more of [['-md', 'sha384'], ['-keyid'], ['-keyopt', 'rsa_padding_mode:pss']])
      assert.deepEqual(judgeCms(signed(...more), digestOf), [], more.join(' '));
    assert.ok(judgeCms(signed('-md', 'sha1'), digestOf).some(({ code }) => code === 'algorithm-weak'));
  });
  it('that are cut, padded or lie about lengths are refused as unreadable, quickly', () => {
    const { cms } = signAs(rsa);
    const refused = { code: 'signature-unreadable' };
    for (let length = 0; length < cms.length; length += 7)
      assert.throws(() => readCms(cms.subarray(0, length)), refused);
    assert.throws(() => readCms(Buffer.concat([cms, Buffer.from([0])])), refused);
    assert.throws(() => readCms(Buffer.from('3084ffffffff0609', 'hex')), refused);
    assert.throws(() => readCms(Buffer.from('3089ffffffffffffffffff', 'hex')), refused);
    assert.throws(() => readCms(Buffer.from('3080'.repeat(100_000), 'hex')), refused);
    assert.throws(() => readCms(Buffer.from('a0'.repeat(5000), 'hex')), refused);
  });
});
