import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { PDF, PdfDict, type PdfStream } from '@libpdf/core';
import { addProofs } from '#signature/pdf/add-proofs.ts';
import { completeSignature } from '#signature/pdf/complete-signature.ts';
import { prepareDocumentTimeStamp } from '#signature/pdf/prepare-document-time-stamp.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import * as outside from '#tests/signature/pdf/outside.ts';

const signedAt = new Date('2018-08-03T02:15:00Z');

describe('Proofs of a signed file', () => {
  let folder: ReturnType<typeof outside.makeFolder>;
  let signed: Buffer;
  before(async () => {
    folder = outside.makeFolder();
    const sign = outside.makeSigner(folder.path, 'Lãnh đạo');
    signed = outside.finish(onePage(), await prepareSignature(onePage(), { signedAt }), sign);
  });
  after(() => folder.remove());

  /** What the document security store holds, by its entries. */
  const readStore = async (file: Uint8Array) => {
    const pdf = await PDF.load(file);
    const store = pdf.getCatalog().getDict('DSS', ref => pdf.getObject(ref)) ?? new PdfDict();
    return Object.fromEntries(
      [...store].flatMap(([key]) => {
        const list = store.getArray(key.value, ref => pdf.getObject(ref));
        const streams = [...(list ?? [])].map((_, at) => list!.at(at, ref => pdf.getObject(ref)));
        return list
          ? [[key.value, streams.map(item => Buffer.from((item as PdfStream).getDecodedData()))]]
          : [];
      }),
    );
  };

  it('are added once each, beside those that are there, and the signature stays valid', async () => {
    const [a, b, c] = [randomBytes(900), randomBytes(900), randomBytes(900)];
    const first = Buffer.concat([
      signed,
      await addProofs(signed, { certificates: [a, b, a], ocsps: [c], crls: [] }),
    ]);
    assert.deepEqual(await readStore(first), { Certs: [a, b], OCSPs: [c] });
    const second = Buffer.concat([
      first,
      await addProofs(first, { certificates: [b, c], ocsps: [c], crls: [a] }),
    ]);
    assert.deepEqual(await readStore(second), { Certs: [a, b, c], OCSPs: [c], CRLs: [a] });
    assert.doesNotMatch(second.toString('latin1'), /\/VRI/);
    assert.deepEqual(outside.askPdfsig(folder.path, second), [
      { field: 'Signature1', valid: true, whole: false },
    ]);
    assert.equal(outside.askQpdf(folder.path, second), '');
    assert.equal((await addProofs(second, { certificates: [a], ocsps: [c], crls: [a] })).length, 0);
  });

  it('are kept alive by a document time-stamp over the whole file', async () => {
    const prepared = await prepareDocumentTimeStamp(signed);
    const stamped = Buffer.concat([signed, completeSignature(prepared, Buffer.from('3000', 'hex'))]);
    const text = stamped.subarray(signed.length).toString('latin1');
    assert.match(text, /\/Type \/DocTimeStamp/);
    assert.doesNotMatch(text, /\/M \(/);
    assert.deepEqual((await readPdfFacts(stamped)).signatures, [
      { field: 'Signature1', kind: 'signature', subFilter: 'ETSI.CAdES.detached' },
      { field: 'TimeStamp1', kind: 'time-stamp', subFilter: 'ETSI.RFC3161' },
    ]);
    assert.equal(outside.askPdfsig(folder.path, stamped)[0]?.valid, true);
    assert.equal(outside.askQpdf(folder.path, stamped), '');
  });
});
