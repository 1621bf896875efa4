import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { fillFields } from '#signature/pdf/fill-fields.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { makeSigners } from '#tests/signature/verify/make-signers.ts';
import { numberOf, textOf, update } from '#tests/signature/verify/tamper.ts';

const codes = (reasons: readonly { code: string }[]): string[] => reasons.map(({ code }) => code);

describe('A report on signatures', () => {
  let signers: ReturnType<typeof makeSigners>;
  before(() => {
    signers = makeSigners();
  });
  after(() => signers.made.remove());

  it('says valid of a signature whose certificate is trusted and not revoked', async () => {
    const pdf = await signers.sign(onePage(), signers.leader);
    const { verdict, signatures } = await verifyPdf(pdf, signers.trust());
    assert.equal(verdict, 'valid');
    const [signature] = signatures;
    assert.equal(signature?.level, 'B-B');
    assert.equal(signature?.changes, 'none');
    assert.equal(signature?.coversWholeFile, true);
    assert.match(signature?.signer?.subject ?? '', /Nguyễn Văn An/);
    assert.equal(signature?.chain.length, 3);
  });

  it('says indeterminate, never valid, without proof against revocation', async () => {
    const pdf = await signers.sign(onePage(), signers.leader);
    const report = await verifyPdf(pdf, { roots: [signers.root.certificate] });
    assert.equal(report.verdict, 'indeterminate');
    assert.equal(report.signatures[0]?.revocation, 'unknown');
    assert.deepEqual(codes(report.signatures[0]!.reasons), ['revocation-missing']);
  });

  it('says indeterminate of a signer under a root that nobody trusts here', async () => {
    const pdf = await signers.sign(onePage(), signers.leader);
    const report = await verifyPdf(pdf, { ...signers.trust(), roots: [] });
    assert.equal(report.verdict, 'indeterminate');
    assert.ok(codes(report.signatures[0]!.reasons).includes('issuer-unknown'));
  });

  it('says invalid of a certificate that was revoked before', async () => {
    const revoked = signers.issuing.issue({ name: 'Trần Thị Bình' });
    signers.issuing.revoke(revoked);
    const report = await verifyPdf(await signers.sign(onePage(), revoked), signers.trust());
    assert.equal(report.verdict, 'invalid');
    assert.equal(report.signatures[0]?.revocation, 'revoked');
  });

  it('says indeterminate of an RSA key under 2048 bits', async () => {
    const weak = signers.issuing.issue({ name: 'Khóa yếu', key: 'weak' });
    const report = await verifyPdf(await signers.sign(onePage(), weak), signers.trust());
    assert.equal(report.verdict, 'indeterminate');
    assert.ok(codes(report.signatures[0]!.reasons).includes('algorithm-weak'));
  });

  it('tells the levels apart: time, proofs, and a time-stamp over the proofs', async () => {
    const timed = await signers.sign(onePage(), signers.leader, { timed: true });
    const proven = await signers.prove(timed);
    const kept = await signers.stamp(proven);
    const alone = { roots: [signers.root.certificate] };
    const level = async (pdf: Buffer) => (await verifyPdf(pdf, alone)).signatures[0]?.level;
    assert.equal(await level(timed), 'B-T');
    assert.equal(await level(proven), 'B-LT');
    assert.equal(await level(kept), 'B-LTA');
    const report = await verifyPdf(kept, alone);
    assert.equal(report.verdict, 'valid');
    assert.deepEqual(
      report.signatures.map(({ kind, changes }) => [kind, changes]),
      [
        ['signature', 'allowed'],
        ['time-stamp', 'none'],
      ],
    );
    assert.deepEqual(codes(report.signatures[0]!.changed), ['proofs-added', 'time-stamp-added']);
  });

  it('allows what an office does: reserved fields filled, then the seal', async () => {
    const at = { x: 100, y: 650, width: 120, height: 20 };
    const blank = onePage();
    const draft = Buffer.concat([blank, await reserveFields(blank, [{ name: 'so', page: 1, at }])]);
    const signed = await signers.sign(draft, signers.leader);
    const numbered = Buffer.concat([signed, await fillFields(signed, [{ name: 'so', text: '12/QĐ-UBND' }])]);
    const sealed = await signers.sign(numbered, signers.seal);
    const { verdict, signatures } = await verifyPdf(sealed, signers.trust());
    assert.equal(verdict, 'valid');
    assert.deepEqual(codes(signatures[0]!.changed), ['field-filled', 'signature-added']);
    assert.equal(signatures[0]?.changed[0]?.place, 'so');
    assert.equal(signatures[1]?.changes, 'none');
    const other = Buffer.concat([sealed, await fillFields(sealed, [{ name: 'so', text: '13/QĐ-UBND' }])]);
    const again = await verifyPdf(other, signers.trust());
    assert.equal(again.verdict, 'invalid');
    assert.deepEqual(codes(again.signatures[1]!.changed), ['answer-changed']);
  });

  it('says invalid when a field was changed that the seal had locked', async () => {
    const at = { x: 100, y: 650, width: 120, height: 20 };
    const blank = onePage();
    const draft = Buffer.concat([blank, await reserveFields(blank, [{ name: 'so', page: 1, at }])]);
    const sealed = await signers.sign(draft, signers.seal, { locks: ['so'] });
    const field = numberOf(sealed, '/FT /Tx');
    const filled = update(sealed, { [field]: textOf(sealed, field).replace(/>>$/, '/V (99) >>') });
    const { verdict, signatures } = await verifyPdf(filled, signers.trust());
    assert.equal(verdict, 'invalid');
    assert.deepEqual(signatures[0]?.changed, [{ code: 'locked-field-changed', place: 'so' }]);
  });

  it('takes a signature for another hash as none over this file', async () => {
    const blank = onePage();
    const prepared = await prepareSignature(blank, { signedAt: new Date() });
    const other = createHash('sha256').update('another file').digest();
    const pdf = signers.complete(blank, prepared, await signers.cmsOf(other, signers.leader));
    const report = await verifyPdf(pdf, signers.trust());
    assert.equal(report.verdict, 'invalid');
    assert.ok(codes(report.signatures[0]!.reasons).includes('digest-mismatch'));
  });
});
