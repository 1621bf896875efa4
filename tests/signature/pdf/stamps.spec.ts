import assert from 'node:assert/strict';
import { drawPng } from '#sandbox/kit/draw-png.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readImage } from '#signature/pdf/seal-image.ts';
import { readText } from '#tests/signature/pdf/look-at.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { makeSeal } from '#tests/signature/pdf/make-seal.ts';
import { makeFolder } from '#tests/signature/pdf/outside.ts';

const signedAt = new Date('2018-08-03T02:15:00Z');
const at = { x: 300, y: 750, width: 220, height: 60 };
const letters = 'aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ';

describe('A stamp', () => {
  const stamp = (text: string, more: { italic?: boolean; size?: number } = {}, place = at) =>
    prepareSignature(onePage(), { signedAt, parts: [{ text, at: place, ...more }] });
  const shown = async (text: string, more?: { italic?: boolean; size?: number }): Promise<string> => {
    const folder = makeFolder();
    const { increment } = await stamp(text, more);
    const read = readText(folder.path, Buffer.concat([onePage(), increment]));
    folder.remove();
    return read.normalize('NFC').replace(/\s+/g, ' ');
  };

  it('shows every Vietnamese letter, upright and italic, however it was typed', async () => {
    for (const text of [letters, letters.toUpperCase(), letters.normalize('NFD')]) {
      for (const italic of [false, true]) {
        const words = text.replace(/(\P{M}\p{M}*){12}/gu, '$& ');
        const read = (await shown(words, { italic })).replaceAll(' ', '');
        assert.ok(read.includes(text.normalize('NFC')), read);
      }
    }
  });

  it('tells the time as ISO 8601, as copies and appendices need it', async () => {
    assert.ok(
      (await shown('SAO Y; UBND tỉnh; 2018-08-03T09:15:00+07:00')).includes(
        'SAO Y; UBND tỉnh; 2018-08-03T09:15:00+07:00',
      ),
    );
  });

  it('is refused with the letter that the font lacks, instead of an empty box', async () => {
    await assert.rejects(stamp('Sở 日本'), { code: 'text-not-in-font', place: '日' });
    await assert.rejects(stamp('a\u0007b'), { code: 'text-not-in-font', place: '\u0007' });
  });

  it('gets smaller when its place is small, and is refused when nobody could read it', async () => {
    const small = { ...at, width: 60, height: 14 };
    const { increment } = await stamp('Số: 986/QĐ-UBND', { size: 13 }, small);
    assert.match(increment.toString('latin1'), /\/F0 [6-9](\.5)? Tf/);
    await assert.rejects(stamp('một dòng rất dài '.repeat(20), {}, small), { code: 'text-too-long' });
  });

  it('carries only the letters that it needs', async () => {
    assert.ok((await stamp('Số: 986/QĐ-UBND')).increment.length < 33_000 + 20_000);
  });

  it('keeps the transparency of a seal, which is decoded once', async () => {
    const seal = makeSeal();
    const { increment } = await prepareSignature(onePage(), { signedAt, parts: [{ image: seal, at }] });
    const text = increment.toString('latin1');
    assert.match(text, /\/ColorSpace \/DeviceRGB/);
    assert.match(text, /\/SMask \d+ 0 R/);
    assert.equal(await readImage(seal), await readImage(Buffer.from(seal)));
    assert.notEqual(await readImage(seal), await readImage(makeSeal(64)));
  });

  it('is refused when its picture is none, is cut off, or is out of measure', async () => {
    const huge = drawPng(1, 1, () => [0, 0, 0, 0]);
    huge.writeUInt32BE(50_000, 16);
    huge.writeUInt32BE(50_000, 20);
    for (const image of [Buffer.from('JFIF'), makeSeal().subarray(0, 60), huge]) {
      await assert.rejects(prepareSignature(onePage(), { signedAt, parts: [{ image, at }] }), {
        code: 'image-unreadable',
      });
    }
  });
});
