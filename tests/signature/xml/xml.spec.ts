import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestTimeStamp } from '#signature/time-stamp/request-time-stamp.ts';
import { completeXml, imprintOfXml } from '#signature/xml/complete-xml.ts';
import { prepareXml } from '#signature/xml/prepare-xml.ts';
import { verifyXml } from '#signature/xml/verify-xml.ts';
import { answerTimeStamps } from '#tests/support/answer-time-stamps.ts';
import { type Made, makeCertificates, type TestAuthority } from '#tests/support/make-certificates.ts';

const plain = `<?xml version="1.0" encoding="UTF-8"?>\r
<!-- before --><vb:VanBan xmlns:vb="urn:vb" xmlns="urn:x" b="1" a="&lt;&#10;&quot;x'"><!-- inside -->\r
  <Số z="2">12 &amp; <![CDATA[<b>]]>&#13;</Số><y:e xmlns:y="urn:y" xmlns:q="urn:q" y:k="1"/></vb:VanBan>\n`;

describe('Signatures in XML', () => {
  const made = makeCertificates();
  let root: TestAuthority;
  let rsa: Made;
  let ec: Made;
  let authority: Made;
  before(() => {
    root = made.root('Gốc tỉnh');
    rsa = root.issue({ name: 'Nguyễn Văn An' });
    ec = root.issue({ name: 'Trần Thị Bình', key: 'ec' });
    const extensions = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping'];
    authority = root.issue({ name: 'Dấu thời gian', extensions });
  });
  after(() => made.remove());

  const prepare = (by: Made, xml = plain) =>
    prepareXml({ xml: Buffer.from(xml), certificate: by.certificate, chain: [root.certificate] });
  const signXml = async (by: Made, { stamped = false, xml = plain } = {}): Promise<string> => {
    const { certificate } = by;
    const prepared = prepare(by, xml);
    assert.deepEqual(createHash('sha256').update(prepared.signedInfo).digest(), prepared.hash);
    const signature = sign('sha256', prepared.signedInfo, readFileSync(by.keyFile));
    const imprint = imprintOfXml(certificate, signature);
    const post = answerTimeStamps(made, authority, root);
    const timeStamp = stamped ? (await requestTimeStamp({ imprint, post })).token : undefined;
    return completeXml(prepared, { certificate, signature, timeStamp }).toString();
  };
  const verify = (xml: string, more = {}) => {
    const trust = { roots: [root.certificate], crls: [root.crl()], ...more };
    const { verdict, reasons, signatures } = verifyXml(Buffer.from(xml), trust);
    return { verdict, codes: reasons.map(({ code }) => code).join(), ...signatures[0] };
  };

  it('are believed by xmlsec1, with RSA and with ECDSA, whatever comments, spaces and namespaces the document has', async () => {
    for (const by of [rsa, ec]) {
      const file = join(made.folder, 'signed.xml');
      writeFileSync(file, await signXml(by, { stamped: true }));
      const ids = ['--id-attr:Id', 'http://uri.etsi.org/01903/v1.3.2#:SignedProperties'];
      execFileSync('xmlsec1', ['--verify', '--trusted-pem', root.certificateFile, ...ids, file], {
        stdio: 'pipe',
      });
    }
  });
  it('are valid with a claimed time (B-B), and with a proven one (B-T)', async () => {
    for (const by of [rsa, ec]) {
      const { verdict, codes, level, claimedAt } = verify(await signXml(by));
      assert.deepEqual([verdict, codes, level], ['valid', '', 'B-B']);
      assert.ok(claimedAt);
      const stamped = verify(await signXml(by, { stamped: true }));
      assert.deepEqual([stamped.verdict, stamped.codes, stamped.level], ['valid', '', 'B-T']);
      assert.ok(stamped.provenAt);
    }
  });
  it('are invalid when anything of the document or of the properties is another', async () => {
    const signed = await signXml(rsa, { stamped: true });
    const changes: [string, string][] = [
      ['>12 &amp;', '>13 &amp;'],
      ['b="1"', 'b="2"'],
      ['<y:e ', '<more/><y:e '],
      ['application/xml', 'application/xmm'],
      ['</ds:Signature>', '</ds:Signature><more/>'],
    ];
    for (const [from, to] of changes) {
      assert.ok(signed.includes(from), from);
      const { verdict, codes } = verify(signed.replace(from, to));
      assert.equal(verdict, 'invalid', from);
      assert.match(codes, /digest-mismatch/);
    }
  });
  it('are invalid when the value, or what it is over, was changed', async () => {
    const signed = await signXml(rsa);
    const value = signed.replace(
      /(<ds:SignatureValue>)(.)/,
      (_, tag, first) => tag + (first === 'A' ? 'B' : 'A'),
    );
    assert.match(verify(value).codes, /signature-wrong/);
    assert.equal(verify(value).verdict, 'invalid');
    const stronger = signed.replace('rsa-sha256', 'rsa-sha512');
    assert.equal(verify(stronger).verdict, 'invalid');
    assert.match(verify(signed.replace('rsa-sha256', 'rsa-sha1')).codes, /algorithm-weak/);
  });
  it('are not believed when the signed document was wrapped into another', async () => {
    const signed = (await signXml(rsa)).replace(/<\?xml.*\?>\n/, '');
    const wrapped = verify(`<evil><number>99</number>${signed.slice(signed.indexOf('<vb:'))}</evil>`);
    assert.deepEqual([wrapped.verdict, wrapped.codes], ['indeterminate', 'signature-misplaced']);
    const signature = /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(signed)![0];
    assert.equal(verify(`<evil>${signature}</evil>`).verdict, 'invalid');
    const twice = signed.replace(signature, signature + signature);
    assert.deepEqual(verify(twice).codes, 'several-signatures');
  });
  it('are not valid without proofs, of unknown people, or with another certificate in the signer’s place', async () => {
    const signed = await signXml(rsa);
    assert.equal(verify(signed, { crls: [] }).verdict, 'indeterminate');
    assert.match(verify(signed, { roots: [made.root('Khác').certificate] }).codes, /issuer-unknown/);
    const base64 = (one: Made) => one.certificate.toString('base64');
    assert.equal(verify(signed.replace(base64(rsa), base64(ec))).verdict, 'invalid');
  });
  it('refuse a signature of something else before it is put in', () => {
    const prepared = prepare(rsa);
    const signature = sign('sha256', Buffer.from('else'), readFileSync(rsa.keyFile));
    assert.throws(() => completeXml(prepared, { certificate: rsa.certificate, signature }), {
      code: 'signature-not-of-hash',
    });
  });
  it('refuse documents that are signed, broken, or may be read in two ways', async () => {
    const broken = [
      await signXml(rsa),
      '<a><b></a>',
      '',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      '<a><?php evil ?></a>',
      '<?xml version="1.0" encoding="UTF-16"?><a/>',
      '<a>'.repeat(5000) + '</a>'.repeat(5000),
    ];
    for (const xml of broken)
      assert.throws(() => prepare(rsa, xml), { code: 'xml-broken' }, xml.slice(0, 40));
    const { verdict, codes } = verify('<a><b></a>');
    assert.deepEqual([verdict, codes], ['indeterminate', 'xml-broken']);
    assert.equal(verify('<a/>').codes, 'no-signatures');
  });
});
