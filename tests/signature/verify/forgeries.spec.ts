import assert from 'node:assert/strict';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { makeSigners } from '#tests/signature/verify/make-signers.ts';
import { numberOf, overwrite, textOf, update } from '#tests/signature/verify/tamper.ts';

describe('A forged signature dictionary', () => {
  let signers: ReturnType<typeof makeSigners>;
  let signed: Buffer;
  before(async () => {
    signers = makeSigners();
    signed = await signers.sign(onePage(), signers.leader);
  });
  after(() => signers.made.remove());

  const expect = async (pdf: Buffer, code: string): Promise<void> => {
    const report = await verifyPdf(pdf, signers.trust());
    assert.equal(report.verdict, 'invalid');
    const [signature] = report.signatures;
    const codes = [...signature!.reasons, ...signature!.changed].map(reason => reason.code);
    assert.ok(codes.includes(code), `${code} is not among ${codes}`);
  };
  const range = () => /\/ByteRange \[[^\]]*\]/.exec(signed.toString('latin1'))![0];
  const rangeOf = (...numbers: (number | string)[]) =>
    `/ByteRange [${numbers.join(' ')}`.padEnd(range().length - 1);
  const numbers = () => range().match(/\d+/g)!.map(Number) as [number, number, number, number];

  it('without a byte range is invalid', () =>
    expect(overwrite(signed, '/ByteRange', '/BiteRange'), 'byte-range-missing'));

  it('with a byte range of other than four whole numbers from the beginning is invalid', async () => {
    const [, before, after, rest] = numbers();
    for (const odd of [
      [0, before],
      [1, before, after, rest],
      [0, before, after, 0],
      [0, -1, after, rest],
      [0, `${before}.5`, after, rest],
    ]) {
      await expect(overwrite(signed, range(), `${rangeOf(...odd)}]`), 'byte-range-odd');
    }
  });

  it('whose byte range leaves out more than its value is invalid', async () => {
    const [, before, after, rest] = numbers();
    await expect(
      overwrite(signed, range(), `${rangeOf(0, before - 40, after, rest)}]`),
      'contents-not-in-gap',
    );
    await expect(
      overwrite(signed, range(), `${rangeOf(0, before, after + 40, rest - 40)}]`),
      'contents-not-in-gap',
    );
  });

  it('whose byte range ends before its saving ends, or after the file, is invalid', async () => {
    const [, before, after, rest] = numbers();
    await expect(
      overwrite(signed, range(), `${rangeOf(0, before, after, rest - 20)}]`),
      'revision-end-missing',
    );
    await expect(
      overwrite(signed, range(), `${rangeOf(0, before, after, rest + 9)}]`),
      'byte-range-beyond-file',
    );
  });

  it('without a value, or with one that is no signature, is invalid', async () => {
    await expect(overwrite(signed, '/Contents <30', '/Kontents <30'), 'contents-missing');
    await expect(overwrite(signed, '/Contents <30', '/Contents <00'), 'signature-unreadable');
  });

  it('with anything in the padding after its value is invalid', async () => {
    const padding = signed.lastIndexOf('00000000>');
    const changed = Buffer.from(signed);
    changed.write('DEADBEEF', padding, 'latin1');
    await expect(changed, 'padding-not-empty');
  });

  it('that says a thing twice is invalid', async () => {
    const twice = overwrite(signed, '/Filter /Adobe.PPKLite', '/ByteRange [0 1 2 3]  ');
    await expect(twice, 'signature-dictionary-ambiguous');
  });

  it('that is wrapped: moved into a later saving, its old place in the gap', async () => {
    const number = numberOf(signed, '/ByteRange');
    const attack = update(signed, { [number]: textOf(signed, number) });
    await expect(attack, 'contents-not-in-gap');
  });

  it('that stands in a field which the signed file did not have counts as moved', async () => {
    const field = numberOf(signed, '/FT /Sig');
    const renamed = textOf(signed, field).replace(/\/T [(<][^)>]*[)>]/, '/T (Khac)');
    const report = await verifyPdf(update(signed, { [field]: renamed }), signers.trust());
    assert.notEqual(report.verdict, 'valid');
    assert.equal(report.signatures[0]?.changed[0]?.code, 'signature-moved');
  });
});
