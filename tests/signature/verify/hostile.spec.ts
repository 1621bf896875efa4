import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { makePdf, onePage } from '#tests/signature/pdf/make-pdf.ts';
import { makeSigners } from '#tests/signature/verify/make-signers.ts';
import { update } from '#tests/signature/verify/tamper.ts';

/** Always the same bytes, so that a failure can be had again. */
const makeDice = (seed: number) => (below: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed % below;
};

describe('A hostile file', () => {
  let signers: ReturnType<typeof makeSigners>;
  let signed: Buffer;
  before(async () => {
    signers = makeSigners();
    signed = await signers.sign(onePage(), signers.leader);
  });
  after(() => signers.made.remove());
  const verdictOf = async (pdf: Uint8Array) => (await verifyPdf(pdf, signers.trust())).verdict;
  const codeOf = async (pdf: Uint8Array) => (await verifyPdf(pdf, signers.trust())).reasons[0]?.code;

  it('that is no PDF, or nothing at all, gets a report', async () => {
    assert.equal(await codeOf(Buffer.alloc(0)), 'end-missing');
    assert.equal(await codeOf(Buffer.from('Kính gửi: Ủy ban nhân dân tỉnh')), 'end-missing');
    assert.equal(await codeOf(onePage()), 'no-signatures');
  });

  it('that was cut off anywhere is never valid', async () => {
    const trust = signers.trust();
    for (let length = 1; length < signed.length - 1; length += 97) {
      assert.notEqual((await verifyPdf(signed.subarray(0, length), trust)).verdict, 'valid', String(length));
    }
  });

  it('with any byte changed is never valid', async () => {
    const trust = signers.trust();
    const roll = makeDice(17);
    for (let turn = 0; turn < 400; turn += 1) {
      const changed = Buffer.from(signed);
      const at = roll(signed.length);
      changed[at] = changed[at]! ^ (1 + roll(255));
      const report = await verifyPdf(changed, trust);
      // The two hexadecimal digits of a byte may change their case: the same signature.
      const same = changed.toString('latin1').toLowerCase() === signed.toString('latin1').toLowerCase();
      if (!same) assert.notEqual(report.verdict, 'valid', `byte ${at}`);
    }
  });

  it('whose values nest without end is given up', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const report = await verifyPdf(update(signed, { 90: deep }), signers.trust());
    assert.notEqual(report.verdict, 'valid');
    assert.equal(await codeOf(onePage({ catalog: `/AcroForm ${deep}` })), 'too-deep');
  });

  it('whose tables, pages, fields or references go in circles is given up', async () => {
    const start = /startxref\n(\d+)/.exec(onePage().toString('latin1'))![1];
    const loop = onePage().toString('latin1').replace('/Root 1 0 R', `/Root 1 0 R /Prev ${start}`);
    assert.equal(await codeOf(Buffer.from(loop, 'latin1')), 'cross-reference-broken');
    const fields = onePage({
      catalog: '/AcroForm 6 0 R',
      more: ['<< /Fields [7 0 R] >>', '<< /Kids [7 0 R] >>'],
    });
    assert.equal(await codeOf(fields), 'field-twice');
    const refs = onePage({ catalog: '/AcroForm 6 0 R', more: ['7 0 R', '6 0 R'] });
    assert.equal(await codeOf(refs), 'too-deep');
  });

  it('whose stream of objects unpacks to gigabytes is given up', async () => {
    const bomb = deflateSync(Buffer.alloc(80 * 1024 * 1024)).toString('latin1');
    const container = `<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${bomb.length} >>\nstream\n${bomb}\nendstream`;
    const table = Buffer.from([0, 0, 0, 2, 0, 2, 1, 0, 20, 0, 0, 0]).toString('latin1');
    const head = `%PDF-1.7\n2 0 obj\n${container}\nendobj\n`;
    const at = head.length;
    const rows = [
      [0, 0, 0, 0],
      [2, 0, 2, 0],
      [1, 0, 9, 0],
    ].map(row => Buffer.from(row).toString('latin1'));
    const stream = `3 0 obj\n<< /Type /XRef /Size 3 /W [1 2 1] /Root 1 0 R /Length ${table.length} >>\nstream\n${rows.join('')}\nendstream\nendobj\n`;
    const pdf = Buffer.from(`${head}${stream}startxref\n${at}\n%%EOF\n`, 'latin1');
    assert.equal(await codeOf(pdf), 'stream-too-large');
  });

  it('of ten thousand objects and a hundred savings still gets its verdict', async () => {
    const more = Array.from({ length: 10_000 }, (_, at) => `<< /Next ${at + 7} 0 R /At ${at} >>`);
    let pdf = await signers.sign(onePage({ catalog: '/Pieces 6 0 R', more }), signers.leader);
    assert.equal(await verdictOf(pdf), 'valid');
    const changed = update(pdf, { 5006: '<< /Next 5007 0 R /At 1 >>' });
    const report = await verifyPdf(changed, signers.trust());
    assert.match(report.signatures[0]?.changed[0]?.place ?? '', /object 5006/);
    for (let turn = 0; turn < 100; turn += 1) pdf = update(pdf, { [20_000 + turn]: `<< /At ${turn} >>` });
    assert.equal(await verdictOf(pdf), 'valid');
  });

  it('with more signatures than anybody needs is given up', async () => {
    const field = '<< /FT /Sig /T (a) /V << /ByteRange [0 1 2 3] /Contents <00> >> >>';
    const fields = Array.from({ length: 200 }, () => field).join(' ');
    const pdf = makePdf([
      `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${fields}] >> >>`,
      '<< /Type /Pages /Kids [] /Count 0 >>',
    ]);
    assert.equal(await codeOf(pdf), 'too-complex');
  });
});
