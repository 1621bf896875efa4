import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { completeSignature } from '#signature/pdf/complete-signature.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { decisionPage } from '#tests/signature/pdf/decision-page.ts';
import { isAt, lookFor, readText } from '#tests/signature/pdf/look-at.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { makeSeal } from '#tests/signature/pdf/make-seal.ts';
import * as outside from '#tests/signature/pdf/outside.ts';
import { openBrowser } from '#tests/support/open-browser.ts';

const signedAt = new Date('2018-08-03T02:15:00Z');
const empty =
  '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Kyso) /F 4 /P 3 0 R /Rect [300 100 400 150] /TU (cho ky) >>';
const withEmptyField = (): Buffer =>
  onePage({
    page: '/MediaBox [0 0 595 842] /Annots 6 0 R',
    catalog: '/AcroForm << /Fields [7 0 R] >>',
    more: ['[7 0 R]', empty],
  });

describe('A prepared signature', () => {
  let folder: ReturnType<typeof outside.makeFolder>;
  let sign: (data: Uint8Array) => Buffer;
  const printed: Record<string, Buffer> = {};

  before(async () => {
    folder = outside.makeFolder();
    sign = outside.makeSigner(folder.path, 'Nguyễn Văn Ế');
    const browser = await openBrowser();
    const page = await browser.context.newPage();
    for (const [name, pages] of [
      ['short', 1],
      ['long', 501],
    ] as const) {
      const breaks = '<p style="page-break-after: always">Phụ lục</p>'.repeat(pages - 1);
      await page.setContent(decisionPage().replace('</html>', `${breaks}</html>`));
      printed[name] = await page.pdf({ preferCSSPageSize: true });
    }
    await browser.close();
  });
  after(() => folder.remove());

  const allValid = (file: Buffer, fields: string[]) => {
    const seen = outside.askPdfsig(folder.path, file);
    assert.deepEqual(
      seen.map(({ field, valid }) => [field, valid]),
      fields.map(field => [field, true]),
    );
    assert.equal(seen.at(-1)?.whole, true);
    assert.equal(outside.askQpdf(folder.path, file), '');
  };

  const remakes = {
    'with a cross-reference table': [],
    'with object streams and a cross-reference stream': ['--object-streams=generate'],
    'made for fast web view': ['--linearize'],
    'encrypted with AES-256 and an owner password': ['--encrypt', '', 'owner', '256', '--'],
    'encrypted with AES-128 and object streams': [
      '--object-streams=generate',
      '--encrypt',
      '',
      'owner',
      '128',
      '--use-aes=y',
      '--',
    ],
  };
  for (const [name, options] of Object.entries(remakes)) {
    it(`keeps earlier ones valid on a file ${name}: three, with a number filled in between`, async () => {
      let file: Buffer = outside.askQpdfFor(folder.path, printed.short!, ...options);
      const original = Buffer.from(file);
      const place = { page: 1, at: { x: 160, y: 720, width: 60, height: 16 } };
      file = Buffer.concat([file, await reserveFields(file, [{ name: 'so', ...place }])]);
      const at = { x: 350, y: 300, width: 120, height: 60 };
      file = outside.finish(
        file,
        await prepareSignature(file, { signedAt, name: 'Ế', parts: [{ text: 'đã ký', at }] }),
        sign,
      );
      allValid(file, ['Signature1']);
      const values = [{ name: 'so', text: '986' }];
      const seal = [{ image: makeSeal(), at: { x: 270, y: 290, width: 102, height: 102 } }];
      file = outside.finish(
        file,
        await prepareSignature(file, { signedAt, values, locks: ['so'], parts: seal }),
        sign,
      );
      allValid(file, ['Signature1', 'Signature2']);
      file = outside.finish(file, await prepareSignature(file, { signedAt }), sign);
      allValid(file, ['Signature1', 'Signature2', 'Signature3']);
      assert.deepEqual(file.subarray(0, original.length), original);
      assert.match(readText(folder.path, file), /986/);
      const added = file.subarray(original.length).toString('latin1');
      const isStream = original.toString('latin1').lastIndexOf('/Type /XRef') > -1;
      assert.equal(added.includes('/Type /XRef'), isStream);
      assert.equal(/^xref/m.test(added), !isStream);
    });
  }

  it('stands in an encrypted file in the clear, under the encryption that was there, and no other object is written again', async () => {
    const file = outside.askQpdfFor(folder.path, printed.short!, '--encrypt', '', 'owner', '256', '--');
    const first = outside.finish(file, await prepareSignature(file, { signedAt }), sign);
    const prepared = await prepareSignature(first, { signedAt });
    const cms = Buffer.from('30030201ff', 'hex');
    const filled = completeSignature(prepared, cms).toString('latin1');
    assert.ok(filled.includes(`/Contents <${cms.toString('hex')}00`));
    const encryption = (text: string) => /\/Encrypt (\d+ 0 R)/.exec(text)?.[1];
    assert.equal(encryption(filled), encryption(file.toString('latin1')));
    const written = [...filled.matchAll(/^(\d+) 0 obj/gm)].map(([, number]) => number);
    assert.equal(written.length, 4, `page, form, signature, field: ${written}`);
  });

  it('signs the last of 500 pages', async () => {
    const file = printed.long!;
    const at = { x: 100, y: 100, width: 80, height: 80 };
    const prepared = await prepareSignature(file, { signedAt, page: -1, parts: [{ image: makeSeal(), at }] });
    const done = outside.finish(file, prepared, sign);
    allValid(done, ['Signature1']);
    const { fields, pages } = await readPdfFacts(done);
    assert.ok(pages.length >= 500);
    assert.deepEqual(fields[0], {
      name: 'Signature1',
      kind: 'signature',
      filled: true,
      page: pages.length,
      at,
    });
    assert.ok(isAt(lookFor(folder.path, done, 'red', pages.length), at));
  });

  it('covers everything but its value, with room for ten digits, and completing changes no other byte', async () => {
    const file = onePage();
    const prepared = await prepareSignature(file, { signedAt });
    const { increment, contentsAt, contentsBytes, digest } = prepared;
    const text = increment.toString('latin1');
    const [range, ...numbers] = /\[0 (\d+) (\d+) (\d+)\s*\]/.exec(text)!;
    assert.equal(range.length, '[0 1234567890 1234567890 1234567890]'.length);
    const [before, after, rest] = numbers.map(Number) as [number, number, number];
    assert.equal(before, file.length + contentsAt - 1);
    assert.equal(after, before + contentsBytes * 2 + 2);
    assert.equal(after + rest, file.length + increment.length);
    const whole = Buffer.concat([file, increment]);
    const covered = Buffer.concat([whole.subarray(0, before), whole.subarray(after)]);
    assert.deepEqual(digest, createHash('sha256').update(covered).digest());
    const filled = completeSignature(prepared, Buffer.from([1, 2, 3]));
    assert.equal(filled.length, increment.length);
    const differs = [...filled.keys()].filter(at => filled[at] !== increment[at]);
    assert.ok(differs.every(at => at >= contentsAt && at < contentsAt + 6));
    assert.equal(contentsBytes, 16_384);
    assert.throws(() => completeSignature(prepared, Buffer.alloc(16_385)), {
      code: 'signature-too-large',
      place: '16385',
    });
  });

  it('tells the time in the file as clocks in Việt Nam show it', async () => {
    const { increment } = await prepareSignature(onePage(), { signedAt });
    assert.ok(increment.includes("/M (D:20180803091500+07'00')"));
    assert.ok(increment.includes('/SubFilter /ETSI.CAdES.detached'));
    assert.ok(increment.includes('/F 132'));
    assert.ok(increment.includes('/SigFlags 3'));
  });

  it('writes the page again exactly, and an indirect list of annotations stays one', async () => {
    const box = '[0.123456789 0 595.2755905512 841.8897637795]';
    const { increment } = await prepareSignature(onePage({ page: `/MediaBox ${box}` }), { signedAt });
    assert.ok(increment.includes(`/MediaBox ${box}`));
    const indirect = withEmptyField();
    const added = (await prepareSignature(indirect, { signedAt })).increment.toString('latin1');
    assert.match(added, /^6 0 obj\n\[\s?7 0 R \d+ 0 R\s?\]/m);
    assert.doesNotMatch(added, /^3 0 obj/m);
  });

  it('gives new objects numbers that the file says it has used', async () => {
    const file = Buffer.from(onePage().toString('latin1').replace('/Size 6', '/Size 9'), 'latin1');
    const added = (await prepareSignature(file, { signedAt })).increment.toString('latin1');
    const numbers = [...added.matchAll(/^(\d+) 0 obj/gm)].map(([, number]) => Number(number));
    assert.deepEqual(
      numbers.filter(number => number > 5 && number < 9),
      [],
    );
    const vast = Buffer.from(onePage().toString('latin1').replace('/Size 6', '/Size 999999999'), 'latin1');
    await assert.rejects(prepareSignature(vast, { signedAt }), { code: 'pdf-broken', place: 'Size' });
  });

  it('gives an empty field of the file its value and appearance, and nothing else', async () => {
    const file = withEmptyField();
    const options = { signedAt, field: 'Kyso', parts: [{ image: makeSeal() }] };
    const done = outside.finish(file, await prepareSignature(file, options), sign);
    allValid(done, ['Kyso']);
    const added = done.subarray(file.length).toString('latin1');
    const field = /^7 0 obj\n(.*?)endobj/ms.exec(added)![1]!;
    for (const kept of ['/T (Kyso)', '/F 4', '/P 3 0 R', '/TU (cho ky)'])
      assert.ok(field.includes(kept), kept);
    assert.match(field, /\/Rect \[\s?300 100 400 150\s?\]/);
    assert.doesNotMatch(added, /^6 0 obj/m);
    assert.ok(isAt(lookFor(folder.path, done, 'red'), { x: 325, y: 100, width: 50, height: 50 }));
    await assert.rejects(prepareSignature(done, options), { code: 'field-taken', place: 'Kyso' });
    await assert.rejects(prepareSignature(file, { signedAt, field: 'Khac' }), {
      code: 'field-unknown',
      place: 'Khac',
    });
  });

  it('shows a seal, a number and a date in one widget when no fields were reserved', async () => {
    const signed = outside.finish(onePage(), await prepareSignature(onePage(), { signedAt }), sign);
    const parts = [
      { image: makeSeal(), at: { x: 300, y: 200, width: 102, height: 102 } },
      { text: 'Số: 986/QĐ-UBND', size: 13, at: { x: 80, y: 740, width: 150, height: 18 } },
      {
        text: 'Huế, ngày 03 tháng 8 năm 2018',
        size: 13,
        italic: true,
        at: { x: 300, y: 740, width: 220, height: 18 },
      },
    ];
    const done = outside.finish(signed, await prepareSignature(signed, { signedAt, parts }), sign);
    allValid(done, ['Signature1', 'Signature2']);
    assert.ok(isAt(lookFor(folder.path, done, 'red'), parts[0]!.at));
    const text = readText(folder.path, done).normalize('NFC');
    assert.match(text, /Số: 986\/QĐ-UBND\s+Huế, ngày 03 tháng 8 năm 2018/);
  });

  it('is refused on a page that the file does not have', async () => {
    for (const page of [0, 2, -2]) {
      await assert.rejects(prepareSignature(onePage(), { signedAt, page }), {
        code: 'page-unknown',
        place: String(page),
      });
    }
  });
});
