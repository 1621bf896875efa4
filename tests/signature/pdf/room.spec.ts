import assert from 'node:assert/strict';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { withoutRoom, withRoom } from '#signature/pdf/room.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';

describe('The room of a prepared signature', () => {
  it('is left out while it waits, and comes back as it was', async () => {
    const prepared = await prepareSignature(onePage(), { signedAt: new Date() });
    const short = { ...prepared, increment: withoutRoom(prepared) };
    assert.equal(short.increment.length, prepared.increment.length - 2 * prepared.contentsBytes);
    assert.ok(withRoom(short).equals(prepared.increment));
  });

  it('is not made twice for what was kept with it', async () => {
    const prepared = await prepareSignature(onePage(), { signedAt: new Date() });
    assert.ok(withRoom(prepared).equals(prepared.increment));
  });
});
