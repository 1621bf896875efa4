import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCms } from '#signature/cms/build-cms.ts';
import { readCms } from '#signature/cms/read-cms.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';
import { judgeTimeStamp } from '#signature/time-stamp/judge-time-stamp.ts';
import { readTimeStamp } from '#signature/time-stamp/read-time-stamp.ts';
import { requestTimeStamp } from '#signature/time-stamp/request-time-stamp.ts';
import { answerTimeStamps } from '#tests/support/answer-time-stamps.ts';
import { type Made, makeCertificates, type TestAuthority } from '#tests/support/make-certificates.ts';

const stamping = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping'];
const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
const imprint = sha256(Buffer.from('a signature'));

describe('Time-stamps', () => {
  const made = makeCertificates();
  let root: TestAuthority;
  let issuing: TestAuthority;
  let authority: Made;
  before(() => {
    root = made.root('Gốc tỉnh');
    issuing = root.issueAuthority('Cấp phát tỉnh');
    authority = issuing.issue({ name: 'Dấu thời gian', extensions: stamping });
  });
  after(() => made.remove());

  const answerBy = (by: Made, digests?: string) => answerTimeStamps(made, by, issuing, digests);
  const refused = (why: RegExp) => ({ name: 'SignatureFault', code: 'time-stamp-refused', message: why });
  const trust = () => ({ roots: [root.certificate] });

  it('of an authority that we trust are taken, with its certificates', async () => {
    const begun = Date.now();
    const { token, time, certificates } = await requestTimeStamp({
      imprint,
      post: answerBy(authority),
      trust: trust(),
    });
    assert.ok(Math.abs(time.getTime() - begun) < 60_000);
    assert.deepEqual(
      certificates.map(String).sort(),
      [authority.certificate, issuing.certificate].map(String).sort(),
    );
    assert.deepEqual(
      judgeTimeStamp(readTimeStamp(token), () => imprint),
      [],
    );
  });
  it('are asked for in a form that openssl reads', async () => {
    let query = '';
    const post = async (request: Buffer) => {
      writeFileSync(join(made.folder, 'query'), request);
      query = made.openssl('ts', '-query', '-in', 'query', '-text').toString();
      return answerBy(authority)(request);
    };
    await requestTimeStamp({ imprint, post });
    for (const line of [/Hash Algorithm: sha256/, /Certificate required: yes/, /Nonce: 0x[0-9A-F]{32}/])
      assert.match(query, line);
  });
  it('stand in a signature where openssl and we find them', async () => {
    const signer = issuing.issue({ name: 'Nguyễn Văn An' });
    const { certificate } = signer;
    const attributes = signedAttributes({ digest: imprint, certificate });
    const signature = sign('sha256', attributes, readFileSync(signer.keyFile));
    const { token } = await requestTimeStamp({ imprint: sha256(signature), post: answerBy(authority) });
    const cms = buildCms({ attributes, signature, certificate, chain: [], timeStamp: token });
    const read = readCms(cms);
    assert.deepEqual(read.timeStamp, token);
    assert.deepEqual(
      judgeTimeStamp(readTimeStamp(read.timeStamp!), () => sha256(read.signature)),
      [],
    );
    writeFileSync(join(made.folder, 'signed.p7s'), cms);
    const print = made.openssl('cms', '-cmsout', '-print', '-inform', 'DER', '-in', 'signed.p7s').toString();
    assert.match(print, /timeStampToken/);
  });
  it('are refused when they answer another request: an old answer, played again', async () => {
    const old = await new Promise<Buffer>(resolve =>
      requestTimeStamp({
        imprint,
        post: async request => {
          const answer = await answerBy(authority)(request);
          resolve(answer);
          return answer;
        },
      }),
    );
    await assert.rejects(requestTimeStamp({ imprint, post: async () => old }), refused(/nonce/));
  });
  it('are refused when they stamp something else under the right nonce', async () => {
    const post = (request: Buffer) => {
      const other = Buffer.from(request);
      sha256(Buffer.from('something else')).copy(other, request.indexOf(imprint));
      return answerBy(authority)(other);
    };
    await assert.rejects(requestTimeStamp({ imprint, post }), refused(/imprint-mismatch/));
  });
  it('are refused when the authority says no', async () => {
    const post = answerBy(authority, 'sha512');
    await assert.rejects(requestTimeStamp({ imprint, post }), refused(/status 2 .*not supported/));
  });
  it('are refused when their signature or their time was changed', async () => {
    const post = (where: (answer: Buffer) => number) => async (request: Buffer) => {
      const answer = await answerBy(authority)(request);
      const at = where(answer);
      answer[at] = answer[at]! ^ 1;
      return answer;
    };
    await assert.rejects(
      requestTimeStamp({ imprint, post: post(answer => answer.length - 1) }),
      refused(/signature-wrong/),
    );
    const inTheTime = (answer: Buffer) => answer.indexOf(`${new Date().getUTCFullYear()}`) + 3;
    await assert.rejects(requestTimeStamp({ imprint, post: post(inTheTime) }), refused(/digest-mismatch/));
  });
  it('are refused of certificates that are not for time-stamps', async () => {
    const post = answerBy(authority);
    const token = (await requestTimeStamp({ imprint, post })).token;
    const stamp = readTimeStamp(token);
    const signer = stamp.cms.signer!;
    const judge = (change: Partial<typeof signer>) =>
      judgeTimeStamp({ ...stamp, cms: { ...stamp.cms, signer: { ...signer, ...change } } }, () => imprint)
        .map(({ code }) => code)
        .join();
    assert.equal(judge({ extendedKeyUsageCritical: false }), 'not-for-time-stamps');
    assert.equal(judge({ extendedKeyUsage: undefined }), 'not-for-time-stamps');
    assert.equal(
      judge({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.4'] }),
      'not-for-time-stamps',
    );
    assert.equal(judge({ notAfter: new Date(0) }), 'certificate-expired');
    assert.equal(judge({ notBefore: new Date(Date.now() + 86_400_000) }), 'certificate-not-yet-valid');
  });
  it('are refused of an authority that had expired, and of one that no root of ours knows', async () => {
    const expired = issuing.issue({ name: 'Hết hạn', extensions: stamping, from: -20, until: -10 });
    await assert.rejects(
      requestTimeStamp({ imprint, post: answerBy(expired) }),
      refused(/certificate-expired/),
    );
    const stranger = made.root('Gốc tỉnh');
    const theirs = stranger.issue({ name: 'Dấu thời gian', extensions: stamping });
    const asked = requestTimeStamp({ imprint, post: answerBy(theirs), trust: trust() });
    await assert.rejects(asked, refused(/issuer-unknown/));
  });
  it('are refused when what comes is no answer at all', async () => {
    const whole = await answerBy(authority)(await queryOf());
    const answers = [
      Buffer.alloc(0),
      Buffer.from('<html>'),
      Buffer.from('3084ffffffff', 'hex'),
      whole.subarray(0, 300),
    ];
    for (const answer of answers)
      await assert.rejects(requestTimeStamp({ imprint, post: async () => answer }), refused(/./));
  });
  it('are called unavailable when the authority does not answer', async () => {
    const post = () => Promise.reject(new Error('connect ECONNREFUSED'));
    await assert.rejects(requestTimeStamp({ imprint, post }), { code: 'time-stamp-unavailable' });
  });

  const queryOf = (): Promise<Buffer> =>
    new Promise(resolve => {
      const post = async (request: Buffer) => {
        resolve(request);
        return Buffer.alloc(0);
      };
      requestTimeStamp({ imprint, post }).catch(() => undefined);
    });
});
