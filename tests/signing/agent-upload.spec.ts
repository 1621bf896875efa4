import assert from 'node:assert/strict';
import { checkUpload } from '#hub/signing/agent/check-upload.ts';
import { fillFields } from '#signature/pdf/fill-fields.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';

const signedAt = new Date('2026-03-02T08:00:00Z');
/** A file with one signature already, and the next one that an agent would add. */
const makeFiles = async () => {
  const draft = onePage();
  const field = { name: 'so', page: 1, at: { x: 50, y: 50, width: 100, height: 20 } };
  const original = Buffer.concat([draft, await reserveFields(draft, [field])]);
  const first = await prepareSignature(original, { signedAt });
  const prepared = Buffer.concat([original, first.increment]);
  const { increment } = await prepareSignature(prepared, { signedAt });
  return { original, prepared, increment, filled: await fillFields(prepared, [{ name: 'so', text: '12' }]) };
};

describe('What the signing agent brings back', () => {
  let files: Awaited<ReturnType<typeof makeFiles>>;
  before(async () => {
    files = await makeFiles();
  });
  const check = (upload: Buffer) => checkUpload(files.prepared, upload);

  it('is taken when it is the prepared file and a signature after it', () => {
    const { prepared, increment } = files;
    assert.equal(check(Buffer.concat([prepared, increment])), undefined);
  });

  it('is taken with a stamp and a signature as two updates', async () => {
    const { prepared, filled } = files;
    const stamped = Buffer.concat([prepared, filled]);
    const { increment } = await prepareSignature(stamped, { signedAt });
    assert.equal(check(Buffer.concat([stamped, increment])), undefined);
  });

  it('is refused when it is another file, or the same with a byte changed before the end', () => {
    const { prepared, increment, original } = files;
    assert.equal(check(onePage({ pages: '/Other true' })), 'upload-of-other-file');
    const changed = Buffer.concat([prepared, increment]);
    changed[200] = changed[200]! ^ 1;
    assert.equal(check(changed), 'upload-of-other-file');
    assert.equal(check(Buffer.concat([original, increment])), 'upload-of-other-file');
    assert.equal(check(Buffer.concat([Buffer.from(' '), prepared, increment])), 'upload-of-other-file');
  });

  it('is refused when it is cut, or nothing was added', () => {
    const { prepared, increment } = files;
    const whole = Buffer.concat([prepared, increment]);
    for (const length of [0, 10, prepared.length - 1])
      assert.equal(check(prepared.subarray(0, length)), 'upload-cut');
    assert.equal(check(whole.subarray(0, whole.length - 10)), 'upload-cut');
    assert.equal(check(prepared), 'upload-adds-nothing');
    assert.equal(check(Buffer.concat([prepared, Buffer.from('\r\n \n')])), 'upload-adds-nothing');
  });

  it('is refused when what was added does not build on the prepared file', async () => {
    const { original, prepared, increment } = files;
    // Signed over the original: its cross-reference leads past the first signature.
    const past = (await prepareSignature(original, { signedAt })).increment;
    assert.equal(check(Buffer.concat([prepared, past])), 'upload-not-incremental');
    const text = (from: string, to: string) =>
      Buffer.concat([prepared, Buffer.from(increment.toString('latin1').replace(from, to), 'latin1')]);
    assert.equal(check(text('/Prev ', '/Perv ')), 'upload-not-incremental');
    const junk = Buffer.concat([prepared, Buffer.from('/ByteRange startxref\n0\n%%EOF\n')]);
    assert.equal(check(junk), 'upload-not-incremental');
    const same = /startxref\s+\d+\s+%%EOF\s*$/.exec(prepared.toString('latin1'))![0];
    const again = Buffer.concat([prepared, Buffer.from(`/ByteRange ${same}`)]);
    assert.equal(check(again), 'upload-not-incremental');
  });

  it('is refused when it is changed but not signed', () => {
    const { prepared, filled } = files;
    assert.equal(check(Buffer.concat([prepared, filled])), 'upload-without-signature');
  });

  it('ends, whatever circle the cross-references go in', () => {
    const { prepared } = files;
    const at = prepared.length;
    const circle = `xref\n0 0\ntrailer\n<< /Prev ${at} >>\nstartxref\n${at}\n%%EOF\n`;
    assert.equal(check(Buffer.concat([prepared, Buffer.from(circle)])), 'upload-not-incremental');
  });
});
