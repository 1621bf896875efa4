import assert from 'node:assert/strict';
import { findPlaces } from '#signature/pdf/find-places.ts';
import { decisionPage } from '#tests/signature/pdf/decision-page.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { openBrowser } from '#tests/support/open-browser.ts';

const inside = (value: number, from: number, to: number) => assert.ok(value > from && value < to, `${value}`);

describe('The places of number, date, signature and seal', () => {
  let decision: Buffer;
  before(async () => {
    const browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.setContent(decisionPage());
    decision = await page.pdf({ preferCSSPageSize: true });
    await browser.close();
  });

  it('are found on a decision: behind "Số:", between the words of the date, above the name', async () => {
    const { number, day, month, signature, seal } = await findPlaces(decision, { signer: 'Nguyễn Văn Ế' });
    for (const place of [number, day, month, signature, seal])
      assert.deepEqual([place.found, place.page], [true, 1]);
    inside(number.at.x, 85, 250);
    inside(day.at.x, 298, 560);
    assert.ok(month.at.x > day.at.x + day.at.width);
    assert.ok(Math.abs(number.at.y - day.at.y) < 3);
    inside(number.at.width, 12, 90);
    inside(signature.at.height, 50, 110);
    inside(signature.at.x + signature.at.width / 2, 298, 560);
    assert.ok(signature.at.y < number.at.y);
    assert.ok(Math.abs(seal.at.x + seal.at.width - (signature.at.x + signature.at.width / 3)) < 0.01);
    assert.ok(Math.abs(seal.at.width - (36 * 72) / 25.4) < 0.01);
  });

  it('are found by the name without regard to how its marks were typed', async () => {
    const { signature } = await findPlaces(decision, { signer: 'NGUYỄN  VĂN Ế'.normalize('NFD') });
    assert.equal(signature.found, true);
  });

  it('are where NĐ 30/2020 has them when the text does not show them', async () => {
    const places = await findPlaces(onePage(), { signer: 'Trần Thị B' });
    for (const [name, { found, page, at }] of Object.entries(places)) {
      assert.deepEqual([name, found, page], [name, false, 1]);
      assert.ok(at.x >= 0 && at.y >= 0 && at.x + at.width <= 595.3 && at.y + at.height <= 841.9, name);
    }
    assert.ok(places.number.at.x < 298 && places.signature.at.x > 298 && places.signature.at.y < 421);
  });

  it('are the usual ones when the text of a page cannot be read to its end', async () => {
    const file = Buffer.from(onePage().toString('latin1').replace('Tj ET', 'Tj ) '), 'latin1');
    const [{ number }, next] = await Promise.all([findPlaces(file), findPlaces(decision)]);
    assert.deepEqual([number.found, number.page], [false, 1]);
    assert.equal(next.number.found, true, 'the next file is searched as ever');
  });

  it('are found for each of many files at once, also behind one that could not be read', async () => {
    const broken = Buffer.from(onePage().toString('latin1').replace('Tj ET', 'Tj ) '), 'latin1');
    const all = await Promise.all([decision, broken, decision, decision].map(file => findPlaces(file)));
    assert.deepEqual(
      all.map(({ number }) => number.found),
      [true, false, true, true],
    );
  });
});
