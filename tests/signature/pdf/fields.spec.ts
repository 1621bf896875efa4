import assert from 'node:assert/strict';
import { fillFields } from '#signature/pdf/fill-fields.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { readText } from '#tests/signature/pdf/look-at.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import * as outside from '#tests/signature/pdf/outside.ts';

const signedAt = new Date('2018-08-03T02:15:00Z');
const so = { name: 'so', page: 1, at: { x: 100, y: 740, width: 80, height: 18 } };
const ngay = { name: 'ngay', page: -1, at: { x: 300, y: 740, width: 220, height: 18 }, italic: true };

describe('Fields for number and date', () => {
  let folder: ReturnType<typeof outside.makeFolder>;
  let sign: (data: Uint8Array) => Buffer;
  let reserved: Buffer;
  before(async () => {
    folder = outside.makeFolder();
    sign = outside.makeSigner(folder.path, 'Văn thư');
    reserved = Buffer.concat([onePage(), await reserveFields(onePage(), [so, { ...ngay, align: 'center' }])]);
  });
  after(() => folder.remove());

  it('are reserved where they belong, empty and invisible', async () => {
    assert.equal(outside.askQpdf(folder.path, reserved), '');
    assert.deepEqual((await readPdfFacts(reserved)).fields, [
      { name: 'so', kind: 'text', filled: false, page: 1, at: so.at },
      { name: 'ngay', kind: 'text', filled: false, page: 1, at: ngay.at },
    ]);
    assert.equal(readText(folder.path, reserved), readText(folder.path, onePage()));
  });

  it('are filled after a signature, which stays valid; only the fields are written again', async () => {
    const signed = outside.finish(reserved, await prepareSignature(reserved, { signedAt }), sign);
    const text = 'Huế, ngày 03 tháng 8 năm 2018';
    const increment = await fillFields(signed, [
      { name: 'so', text: '986/QĐ-UBND' },
      { name: 'ngay', text },
    ]);
    const filled = Buffer.concat([signed, increment]);
    assert.deepEqual(outside.askPdfsig(folder.path, filled), [
      { field: 'Signature1', valid: true, whole: false },
    ]);
    assert.match(
      readText(folder.path, filled).normalize('NFC'),
      /986\/QĐ-UBND +Huế, ngày 03 tháng 8 năm 2018/,
    );
    const known = new Set(
      [...signed.toString('latin1').matchAll(/^(\d+) 0 obj/gm)].map(([, number]) => number),
    );
    const written = [...increment.toString('latin1').matchAll(/^(\d+) 0 obj\n(.*?)endobj/gms)];
    const again = written.filter(([, number]) => known.has(number!));
    assert.deepEqual(
      again.map(([, , body]) => /\/T <(\w+)>/.exec(body!)?.[1]),
      ['so', 'ngay'].map(name => Buffer.from(name).toString('hex').toUpperCase()),
    );
  });

  it('can be filled again until a signature locks them', async () => {
    const first = Buffer.concat([reserved, await fillFields(reserved, [{ name: 'so', text: '985' }])]);
    const values = [{ name: 'so', text: '986' }];
    const sealed = outside.finish(
      first,
      await prepareSignature(first, { signedAt, values, locks: ['so'] }),
      sign,
    );
    assert.match(readText(folder.path, sealed), /986/);
    assert.doesNotMatch(readText(folder.path, sealed), /985/);
    await assert.rejects(fillFields(sealed, values), { code: 'pdf-certified', place: 'so' });
    assert.ok((await fillFields(sealed, [{ name: 'ngay', text: 'Huế' }])).length > 0);
  });

  it('are refused when they are not there, are no text fields, or when a lock names what is not there', async () => {
    await assert.rejects(fillFields(reserved, [{ name: 'kyhieu', text: '1' }]), {
      code: 'field-unknown',
      place: 'kyhieu',
    });
    const signed = Buffer.concat([reserved, (await prepareSignature(reserved, { signedAt })).increment]);
    await assert.rejects(fillFields(signed, [{ name: 'Signature1', text: '1' }]), { code: 'field-unknown' });
    await assert.rejects(prepareSignature(reserved, { signedAt, locks: ['kyhieu'] }), {
      code: 'field-unknown',
    });
  });

  it('of other makers keep their own look: a parent of several, with the text style in the form', async () => {
    const file = onePage({
      page: '/MediaBox [0 0 595 842] /Annots [7 0 R]',
      catalog: '/AcroForm << /Fields [6 0 R] /DA (/Helv 11 Tf 0 g) >>',
      more: [
        '<< /T (vanban) /FT /Tx /Kids [7 0 R] >>',
        '<< /Type /Annot /Subtype /Widget /Parent 6 0 R /T (so) /Rect [100 740 180 760] >>',
      ],
    });
    const filled = Buffer.concat([file, await fillFields(file, [{ name: 'vanban.so', text: '12' }])]);
    assert.match(filled.subarray(file.length).toString('latin1'), /\/F0 11 Tf/);
    assert.match(readText(folder.path, filled), /\b12\b/);
  });
});
