import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { completeDetached } from '#signature/detached/complete-detached.ts';
import { prepareDetached } from '#signature/detached/prepare-detached.ts';
import { verifyDetached } from '#signature/detached/verify-detached.ts';
import { requestTimeStamp } from '#signature/time-stamp/request-time-stamp.ts';
import { answerTimeStamps } from '#tests/support/answer-time-stamps.ts';
import { type Made, makeCertificates, type TestAuthority } from '#tests/support/make-certificates.ts';

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

describe('Signatures beside a file', () => {
  const made = makeCertificates();
  const file = Buffer.from('Biên bản họp, bảng tính, tệp nén…');
  let root: TestAuthority;
  let issuing: TestAuthority;
  let person: Made;
  let authority: Made;
  before(() => {
    root = made.root('Gốc tỉnh');
    issuing = root.issueAuthority('Cấp phát tỉnh');
    person = issuing.issue({ name: 'Nguyễn Văn An', key: 'ec' });
    const extensions = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping'];
    authority = issuing.issue({ name: 'Dấu thời gian', extensions });
  });
  after(() => made.remove());

  const signFile = async (by: Made, { stamped = false } = {}): Promise<Buffer> => {
    const { certificate } = by;
    const { attributes } = prepareDetached({ digest: sha256(file), certificate });
    const signature = sign('sha256', attributes, readFileSync(by.keyFile));
    const given = { attributes, signature, certificate, chain: [issuing.certificate, root.certificate] };
    if (!stamped) return completeDetached(given);
    const post = answerTimeStamps(made, authority, issuing);
    const { token } = await requestTimeStamp({ imprint: sha256(signature), post });
    return completeDetached({ ...given, timeStamp: token });
  };
  const trust = () => ({ roots: [root.certificate], crls: [issuing.crl(), root.crl()] });
  const verify = (p7s: Buffer, of = file, more = {}) => {
    const { verdict, reasons, signatures } = verifyDetached(of, p7s, { ...trust(), ...more });
    return { verdict, codes: reasons.map(({ code }) => code), ...signatures[0] };
  };

  it('are valid with a claimed time (B-B), and with a proven one (B-T)', async () => {
    const plain = verify(await signFile(person));
    assert.deepEqual([plain.verdict, plain.level, plain.codes], ['valid', 'B-B', []]);
    assert.ok(plain.claimedAt);
    assert.equal(plain.signer?.subject, 'CN=Nguyễn Văn An');
    const stamped = verify(await signFile(person, { stamped: true }));
    assert.deepEqual([stamped.verdict, stamped.level, stamped.codes], ['valid', 'B-T', []]);
    assert.ok(stamped.provenAt);
  });
  it('are believed by openssl as CAdES', async () => {
    writeFileSync(join(made.folder, 'it.p7s'), await signFile(person, { stamped: true }));
    writeFileSync(join(made.folder, 'it.bin'), file);
    const where = ['-in', 'it.p7s', '-content', 'it.bin', '-CAfile', root.certificateFile, '-purpose', 'any'];
    const content = made.openssl('cms', '-verify', '-cades', '-binary', '-inform', 'DER', ...where);
    assert.deepEqual(content, file);
  });
  it('are invalid when the file is another', async () => {
    const { verdict, codes } = verify(await signFile(person), Buffer.from(`${file} `));
    assert.deepEqual([verdict, codes], ['invalid', ['digest-mismatch']]);
  });
  it('are not valid without proofs, or of somebody whose root we do not know', async () => {
    const p7s = await signFile(person);
    assert.equal(verify(p7s, file, { crls: [] }).verdict, 'indeterminate');
    const stranger = verify(p7s, file, { roots: [made.root('Khác').certificate] });
    assert.deepEqual([stranger.verdict, stranger.codes], ['indeterminate', ['issuer-unknown']]);
  });
  it('are invalid when the certificate was revoked, unless a time-stamp proves that they came before', async () => {
    const lost = issuing.issue({ name: 'Trần Thị Bình' });
    const [plain, stamped] = [await signFile(lost), await signFile(lost, { stamped: true })];
    // The list tells whole seconds: it must not fall into the second of the time-stamp.
    const second = Math.floor(Date.now() / 1000);
    await waitUntil('the next second', () => Math.floor(Date.now() / 1000) > second, { withinMs: 5000 });
    issuing.revoke(lost);
    assert.deepEqual(verify(plain).codes, ['certificate-revoked']);
    assert.equal(verify(plain).verdict, 'invalid');
    assert.equal(verify(stamped).verdict, 'valid');
  });
  it('are called unreadable when they are nothing of the kind', () => {
    const { verdict, codes } = verify(Buffer.from('-----BEGIN'));
    assert.deepEqual([verdict, codes], ['invalid', ['signature-unreadable']]);
  });
});
