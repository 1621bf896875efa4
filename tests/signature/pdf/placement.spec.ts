import assert from 'node:assert/strict';
import { drawPng } from '#sandbox/kit/draw-png.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { isAt, lookFor } from '#tests/signature/pdf/look-at.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { makeFolder } from '#tests/signature/pdf/outside.ts';

const signedAt = new Date('2018-08-03T02:15:00Z');

describe('A visible signature', () => {
  let folder: ReturnType<typeof makeFolder>;
  before(() => {
    folder = makeFolder();
  });
  after(() => folder.remove());

  const frames = {
    'as it is': '',
    'whose origin is elsewhere and that is cropped': '/CropBox [150 160 450 560]',
    'that is turned right': '/Rotate 90',
    'that is turned upside down and cropped': '/Rotate 180 /CropBox [150 160 450 560]',
    'that is turned left and cropped': '/Rotate -90 /CropBox [150 160 450 560]',
  };
  for (const [name, entries] of Object.entries(frames)) {
    it(`is seen where it was put, upright, on a page ${name}`, async () => {
      const file = onePage({ page: `/MediaBox [100 100 500 700] ${entries}` });
      const redOverBlue = drawPng(60, 40, (_, y) => (y < 20 ? [255, 0, 0, 255] : [0, 0, 255, 255]));
      const parts = [{ image: redOverBlue, at: { x: 30, y: 50, width: 60, height: 40 } }];
      const { increment } = await prepareSignature(file, { signedAt, parts });
      const done = Buffer.concat([file, increment]);
      const red = { x: 30, y: 70, width: 60, height: 20 };
      assert.ok(
        isAt(lookFor(folder.path, done, 'red'), red),
        JSON.stringify(lookFor(folder.path, done, 'red')),
      );
      assert.ok(isAt(lookFor(folder.path, done, 'blue'), { ...red, y: 50 }));
      const [field] = (await readPdfFacts(done)).fields;
      assert.ok(isAt(field?.at, parts[0]!.at), JSON.stringify(field));
    });
  }

  it('knows a page that was turned by its parents', async () => {
    const file = onePage({ pages: '/Rotate 90' });
    assert.equal((await readPdfFacts(onePage())).pages[0]?.turned, 0);
    assert.equal((await readPdfFacts(file)).pages[0]?.turned, 90);
  });
});
