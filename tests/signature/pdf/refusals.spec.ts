import assert from 'node:assert/strict';
import { addProofs } from '#signature/pdf/add-proofs.ts';
import { fillFields } from '#signature/pdf/fill-fields.ts';
import { prepareDocumentTimeStamp } from '#signature/pdf/prepare-document-time-stamp.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askQpdfFor, makeFolder } from '#tests/signature/pdf/outside.ts';

const signedAt = new Date('2018-08-03T02:15:00Z');
const at = { x: 100, y: 100, width: 100, height: 20 };

/** A file whose field Signature1 is signed with these references, and that has text fields `so` and `khac` and an empty one. */
const signedWith = (reference: string, { field = '', catalog = '' } = {}): Buffer =>
  onePage({
    page: '/MediaBox [0 0 595 842] /Annots [6 0 R 8 0 R 9 0 R 10 0 R]',
    catalog: `/AcroForm << /Fields [6 0 R 8 0 R 9 0 R 10 0 R] /SigFlags 3 >> ${catalog}`,
    more: [
      `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V 7 0 R /P 3 0 R /Rect [0 0 0 0] ${field} >>`,
      `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Contents <00> /ByteRange [0 1 2 3] ${reference} >>`,
      ...['so', 'khac'].map(
        name => `<< /Type /Annot /Subtype /Widget /FT /Tx /T (${name}) /P 3 0 R /Rect [100 100 200 120] >>`,
      ),
      '<< /Type /Annot /Subtype /Widget /FT /Sig /T (empty) /P 3 0 R /Rect [100 200 200 220] >>',
    ],
  });
const reference = (method: string, parameters: string) =>
  `/Reference [<< /Type /SigRef /TransformMethod /${method} /TransformParams << ${parameters} >> >>]`;
const broken = (change: (text: string) => string) =>
  Buffer.from(change(onePage().toString('latin1')), 'latin1');

describe('A file is refused', () => {
  const everyChange = (file: Uint8Array) => [
    prepareSignature(file, { signedAt }),
    fillFields(file, [{ name: 'so', text: '1' }]),
    prepareSignature(file, { signedAt, values: [{ name: 'so', text: '1' }] }),
  ];
  const refused = async (changes: Promise<unknown>[], code: string, place?: string) => {
    for (const change of changes)
      await assert.rejects(change, place === undefined ? { code } : { code, place });
  };

  it('when a signature has certified that nothing may change, but proofs and time-stamps go in', async () => {
    const file = signedWith(reference('DocMDP', '/P 1'), { catalog: '/Perms << /DocMDP 7 0 R >>' });
    await refused(everyChange(file), 'pdf-certified');
    assert.equal((await readPdfFacts(file)).certified, 1);
    assert.ok((await addProofs(file, { certificates: [Buffer.from('x')], ocsps: [], crls: [] })).length > 0);
    assert.ok((await prepareDocumentTimeStamp(file)).increment.length > 0);
  });

  it('also when the certifying signature stands in no form', async () => {
    const file = signedWith(reference('DocMDP', '/P 1'), { catalog: '/Perms << /DocMDP 7 0 R >>' });
    const hidden = Buffer.from(file.toString('latin1').replace('/Fields [6 0 R', '/Fields [     '), 'latin1');
    await refused([prepareSignature(hidden, { signedAt })], 'pdf-certified', 'DocMDP');
  });

  it('for new signature fields when it is certified for fields and signatures (P is 2 when it is not said)', async () => {
    for (const parameters of ['/P 2', '', '/P 3']) {
      const file = signedWith(reference('DocMDP', parameters));
      await fillFields(file, [{ name: 'so', text: '1' }]);
      await prepareSignature(file, { signedAt, field: 'empty', values: [{ name: 'so', text: '1' }] });
      await refused([prepareSignature(file, { signedAt })], 'pdf-certified', 'Signature2');
      assert.equal((await readPdfFacts(file)).certified, parameters === '/P 3' ? 3 : 2);
    }
  });

  it('for the fields that a signature has locked, and no others', async () => {
    const file = signedWith(reference('FieldMDP', '/Action /Include /Fields [(so)]'));
    await refused([fillFields(file, [{ name: 'so', text: '1' }])], 'pdf-certified', 'so');
    await fillFields(file, [{ name: 'khac', text: '1' }]);
    await prepareSignature(file, { signedAt });
    const others = signedWith(reference('FieldMDP', '/Action /Exclude /Fields [(so)]'));
    await fillFields(others, [{ name: 'so', text: '1' }]);
    await refused([fillFields(others, [{ name: 'khac', text: '1' }])], 'pdf-certified', 'khac');
    await refused([prepareSignature(others, { signedAt })], 'pdf-certified', 'Signature2');
  });

  it('when a signature has locked everything, or its field says so', async () => {
    await refused(everyChange(signedWith(reference('FieldMDP', '/Action /All'))), 'pdf-certified');
    await refused(everyChange(signedWith('', { field: '/Lock << /Action /All >>' })), 'pdf-certified');
    await refused(
      everyChange(signedWith('', { field: '/Lock << /Action /Include /Fields [] /P 1 >>' })),
      'pdf-certified',
    );
  });

  it('when it opens only with a password, or its protection forbids signatures', async () => {
    const folder = makeFolder();
    const encrypt = (...options: string[]) =>
      askQpdfFor(folder.path, onePage(), '--encrypt', ...options, '--');
    const closed = encrypt('secret', 'owner', '256');
    await refused([readPdfFacts(closed), ...everyChange(closed)], 'pdf-encrypted');
    const fixed = encrypt('', 'owner', '256', '--annotate=n', '--modify=none');
    await refused([prepareSignature(fixed, { signedAt })], 'pdf-encrypted', 'permissions');
    assert.equal((await readPdfFacts(fixed)).encrypted, true);
    folder.remove();
  });

  it('when it holds an XFA form', async () => {
    const file = onePage({ catalog: '/AcroForm << /Fields [] /XFA (form) >>' });
    await refused([prepareSignature(file, { signedAt })], 'pdf-form-xfa');
    assert.equal((await readPdfFacts(file)).xfa, true);
  });

  it('when it is damaged: it could only be written anew, and an earlier signature would be lost', async () => {
    const wrongStart = broken(text => text.replace(/startxref\n\d+/, 'startxref\n99'));
    await refused([readPdfFacts(wrongStart), ...everyChange(wrongStart)], 'pdf-broken');
    await refused(everyChange(broken(text => text.slice(0, -150))), 'pdf-broken');
    await refused(everyChange(broken(text => `junk\n${text}`)), 'pdf-broken');
    const noForm = signedWith('').toString('latin1').replace('/FT /Sig', '/FT )Sig');
    await refused(everyChange(Buffer.from(noForm, 'latin1')), 'pdf-broken', '6 0 R');
  });

  it('when a hybrid update names the same objects in its table and in an older stream', async () => {
    const file = onePage();
    const table = `xref\n1 1\n${'15'.padStart(10, '0')} 00000 n \n`;
    const start = /startxref\n(\d+)/.exec(file.toString('latin1'))?.[1];
    const update = (trailer: string, entries: string) =>
      Buffer.from(
        `${file.toString('latin1')}${entries}trailer\n<< /Size 6 /Root 1 0 R /Prev ${start} ${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`,
        'latin1',
      );
    await refused([readPdfFacts(update('/XRefStm 15', table))], 'pdf-broken', 'XRefStm');
    await refused([readPdfFacts(update('/XRef#53tm 15', table))], 'pdf-broken', 'XRefStm');
    await prepareSignature(update('', table), { signedAt });
    await prepareSignature(update(`/XRefStm ${start}`, 'xref\n0 0\n'), { signedAt });
  });

  it('when a bracket stands alone in it, at once', async () => {
    for (const bracket of [')', '{', '}']) {
      await refused(
        [readPdfFacts(broken(text => text.replace('/Parent 2 0 R', `/Parent ${bracket} 0 R`)))],
        'pdf-broken',
      );
    }
  });

  it('when it is no PDF, or has no pages', async () => {
    await refused(
      [readPdfFacts(Buffer.from('PK\x03\x04 a document of another kind'))],
      'pdf-broken',
      'header',
    );
    await refused([readPdfFacts(Buffer.alloc(0))], 'pdf-broken');
    await refused([readPdfFacts(Buffer.from('%PDF-1.7\nnothing\n%%EOF'))], 'pdf-broken');
    await refused(
      [readPdfFacts(broken(text => text.replace('/Kids [3 0 R]', '/Kids [     ]')))],
      'pdf-broken',
      'pages',
    );
  });

  it('for new fields once it is signed, and for names that are taken', async () => {
    const field = { page: 1, at };
    await refused([reserveFields(signedWith(''), [{ name: 'ngay', ...field }])], 'pdf-signed', 'Signature1');
    const twice = [
      { name: 'so', ...field },
      { name: 'so', ...field },
    ];
    await refused([reserveFields(onePage(), twice)], 'field-taken', 'so');
    await refused([reserveFields(onePage(), [{ name: 'a.b', ...field }])], 'field-taken', 'a.b');
  });
});
