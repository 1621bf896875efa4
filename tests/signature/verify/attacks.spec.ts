import assert from 'node:assert/strict';
import type { SignatureReport } from '#schemas/verification.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { makePdf, onePage } from '#tests/signature/pdf/make-pdf.ts';
import { makeSigners } from '#tests/signature/verify/make-signers.ts';
import { freeNumber, numberOf, overwrite, textOf, update } from '#tests/signature/verify/tamper.ts';

const drawing = (text: string, more = ''): string => {
  const content = `BT /F1 12 Tf 72 700 Td (${text}) Tj ET`;
  return `<< ${more} /Length ${content.length} >>\nstream\n${content}\nendstream`;
};
/** The same file, certified against every change. */
const forbidAll = (pdf: Buffer): Buffer =>
  Buffer.from(pdf.toString('latin1').replace(/\/P 2(?=\s*>>)/g, '/P 1'), 'latin1');
const box = '/Rect [72 690 300 712]';

describe('An attack on a signed file', () => {
  let signers: ReturnType<typeof makeSigners>;
  let signed: Buffer;
  before(async () => {
    signers = makeSigners();
    signed = await signers.sign(onePage(), signers.leader);
  });
  after(() => signers.made.remove());

  /** The report of the first signature of a file that must not be taken as valid. */
  const refuse = async (pdf: Buffer): Promise<SignatureReport> => {
    const report = await verifyPdf(pdf, signers.trust());
    assert.notEqual(report.verdict, 'valid');
    return report.signatures[0]!;
  };
  const findChange = async (pdf: Buffer, code: string): Promise<string | undefined> => {
    const report = await refuse(pdf);
    assert.equal(report.verdict, 'invalid');
    assert.equal(report.changes, 'suspicious');
    const found = report.changed.find(change => change.code === code);
    assert.ok(found, `${code} is not among ${JSON.stringify(report.changed)}`);
    return found.place;
  };
  const form = () => numberOf(signed, '/SigFlags');

  it('that changes a byte of what was signed is found', async () => {
    const report = await refuse(overwrite(signed, '12/QD-UBND', '92/QD-UBND'));
    assert.equal(report.verdict, 'invalid');
    assert.ok(report.reasons.some(({ code }) => code === 'digest-mismatch'));
  });

  it('that saves other page content after the signature is found with its page', async () => {
    assert.equal(
      await findChange(update(signed, { 4: drawing('So: 99/QD-UBND') }), 'content-changed'),
      'page 1 /Contents, object 4',
    );
  });

  it('that gives the page other content than was signed is found', async () => {
    const free = freeNumber(signed);
    const page = textOf(signed, 3).replace('/Contents 4 0 R', `/Contents ${free} 0 R`);
    await findChange(update(signed, { 3: page, [free]: drawing('So: 99/QD-UBND') }), 'content-changed');
  });

  it('that changes only a font, so that other letters appear, is found', async () => {
    const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>';
    await findChange(update(signed, { 5: font }), 'content-changed');
  });

  it('that adds a page, or takes one away, is found', async () => {
    const free = freeNumber(signed);
    const pages = textOf(signed, 2).replace('[3 0 R]', `[3 0 R ${free} 0 R]`).replace('/Count 1', '/Count 2');
    const page = textOf(signed, 3);
    assert.equal(await findChange(update(signed, { 2: pages, [free]: page }), 'pages-changed'), 'pages');
  });

  it('that hides text under an annotation is found with its page', async () => {
    const free = freeNumber(signed);
    const page = textOf(signed, 3).replace(/\/Annots \[/, `/Annots [${free} 0 R `);
    const last = textOf(signed, 3).replace(/(\/Annots \[[^\]]*)\]/, `$1 ${free} 0 R]`);
    const stamp = `<< /Type /Annot /Subtype /FreeText ${box} /F 4 /Contents (99) >>`;
    await findChange(update(signed, { 3: page, [free]: stamp }), 'annotation-removed');
    assert.equal(await findChange(update(signed, { 3: last, [free]: stamp }), 'annotation-added'), 'page 1');
  });

  it('that draws in a new field that nobody signs is found', async () => {
    const free = freeNumber(signed);
    const page = textOf(signed, 3).replace(/(\/Annots \[[^\]]*)\]/, `$1 ${free} 0 R]`);
    const acroForm = textOf(signed, form()).replace(/(\/Fields \[[^\]]*)\]/, `$1 ${free} 0 R]`);
    const looks = `${drawing('99', '/Type /XObject /Subtype /Form /BBox [0 0 200 20]')}`;
    const field = (type: string) =>
      `<< /FT /${type} /T (moi) /Type /Annot /Subtype /Widget ${box} /P 3 0 R /F 4 /AP << /N ${free + 1} 0 R >> >>`;
    const attack = (type: string) =>
      update(signed, { 3: page, [form()]: acroForm, [free]: field(type), [free + 1]: looks });
    await findChange(attack('Sig'), 'unsigned-field-shown');
    await findChange(attack('Tx'), 'field-added');
  });

  it('that goes beyond what a certifying signature allows is found', async () => {
    const certified = (permission: number) =>
      makePdf([
        `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R 6 0 R] >> /Perms << /DocMDP << /Type /Sig /Reference [<< /TransformMethod /DocMDP /TransformParams << /P ${permission} >> >>] >> >> >>`,
        '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [5 0 R 6 0 R] /Resources << >> >>',
        drawing('x'),
        `<< /FT /Tx /T (so) /Type /Annot /Subtype /Widget ${box} /P 3 0 R /F 4 >>`,
        '<< /FT /Sig /T (ky) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /F 132 >>',
      ]);
    const signInField = (permission: number) =>
      signers.sign(certified(permission), signers.leader, { field: 'ky' }).catch((error: Error) => error);
    const locked = await signInField(1);
    assert.ok(locked instanceof Error, 'what forbids every change cannot be signed by us');
    const file = await signInField(2);
    assert.ok(file instanceof Buffer);
    const fill = (pdf: Buffer) => update(pdf, { 5: textOf(pdf, 5).replace('/T (so)', '/T (so) /V (12)') });
    assert.equal((await verifyPdf(fill(file), signers.trust())).verdict, 'valid');
    const strict = forbidAll(file);
    const report = await verifyPdf(fill(strict), signers.trust());
    assert.ok(report.signatures[0]?.changed.some(({ code }) => code === 'change-forbidden'));
    const free = freeNumber(file);
    const widget = `<< /FT /Sig /T (moi) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /F 132 >>`;
    const page = textOf(file, 3).replace(/(\/Annots \[[^\]]*)\]/, `$1 ${free} 0 R]`);
    const catalog = textOf(file, 1).replace(/(\/Fields \[[^\]]*)\]/, `$1 ${free} 0 R]`);
    assert.equal(
      await findChange(update(file, { 1: catalog, 3: page, [free]: widget }), 'change-forbidden'),
      'moi',
    );
  });

  it('that asks viewers to draw fields anew is found', async () => {
    const acroForm = textOf(signed, form()).replace('/SigFlags', '/NeedAppearances true /SigFlags');
    await findChange(update(signed, { [form()]: acroForm }), 'form-changed');
  });

  it('that adds an action to be run at opening is found', async () => {
    const catalog = textOf(signed, 1).replace(
      '/Type /Catalog',
      '/Type /Catalog /OpenAction << /S /JavaScript /JS (x) >>',
    );
    assert.match((await findChange(update(signed, { 1: catalog }), 'content-changed')) ?? '', /OpenAction/);
  });

  it('that puts another catalog in place of the signed one is found', async () => {
    const free = freeNumber(signed);
    const attack = update(signed, { [free]: textOf(signed, 1) }, { trailer: `/Root ${free} 0 R` });
    assert.notEqual((await verifyPdf(attack, signers.trust())).verdict, 'valid');
  });

  it('that rewrites the appearance of a field which the page shows too is found on the page', async () => {
    const shared = makePdf([
      '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [6 0 R] /Resources << /XObject << /X 7 0 R >> >> >>',
      drawing('/X Do'),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>',
      `<< /FT /Tx /T (so) /Type /Annot /Subtype /Widget ${box} /P 3 0 R /F 4 /AP << /N 7 0 R >> >>`,
      drawing('12', '/Type /XObject /Subtype /Form /BBox [0 0 200 20]'),
    ]);
    const file = await signers.sign(shared, signers.leader);
    const field = textOf(file, 6).replace('/FT /Tx', '/FT /Tx /V (99)');
    const looks = drawing('99', '/Type /XObject /Subtype /Form /BBox [0 0 200 20]');
    assert.match(
      (await findChange(update(file, { 6: field, 7: looks }), 'content-changed')) ?? '',
      /page 1 \/Resources/,
    );
    const fresh = freeNumber(file);
    const apart = field.replace('/N 7 0 R', `/N ${fresh} 0 R`);
    const honest = await verifyPdf(update(file, { 6: apart, [fresh]: looks }), signers.trust());
    assert.equal(honest.verdict, 'valid');
  });

  it('that shows something else for the answer that was signed is found', async () => {
    const filled = makePdf([
      '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [5 0 R] /Resources << >> >>',
      drawing('x'),
      `<< /FT /Tx /T (so) /V (12) /Type /Annot /Subtype /Widget ${box} /P 3 0 R /F 4 /AP << /N 6 0 R >> >>`,
      drawing('12', '/Type /XObject /Subtype /Form /BBox [0 0 200 20]'),
    ]);
    const file = await signers.sign(filled, signers.leader);
    const looks = drawing('99', '/Type /XObject /Subtype /Form /BBox [0 0 200 20]');
    assert.equal(await findChange(update(file, { 6: looks }), 'answer-changed'), 'so');
  });

  it('that fills in what the signed file referred to but did not hold is found', async () => {
    const hollow = onePage({ catalog: '/Names 90 0 R' });
    const file = await signers.sign(hollow, signers.leader);
    await findChange(
      update(file, { 90: '<< /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>' }),
      'content-changed',
    );
  });

  it('that hides bytes between objects or after the end is found', async () => {
    const free = freeNumber(signed);
    const hidden = `4 0 obj\n${drawing('So: 99/QD-UBND')}\nendobj\n`;
    await findChange(update(signed, { [free]: '<< >>' }, { unlisted: hidden }), 'bytes-unaccounted');
    const report = await verifyPdf(Buffer.concat([signed, Buffer.from(hidden)]), signers.trust());
    assert.equal(report.verdict, 'invalid');
    assert.deepEqual(
      report.reasons.map(({ code }) => code),
      ['bytes-after-end'],
    );
  });

  it('that saves without naming the signed tables is found', async () => {
    const text = `${freeNumber(signed)} 0 obj\n<< >>\nendobj\n`;
    const body = Buffer.concat([signed, Buffer.from(text)]);
    const at = body.length;
    const table = `xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 90 /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`;
    const report = await verifyPdf(Buffer.concat([body, Buffer.from(table)]), signers.trust());
    assert.notEqual(report.verdict, 'valid');
  });
});
