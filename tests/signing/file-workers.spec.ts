import assert from 'node:assert/strict';
import { createFileWorkers } from '#hub/signing/file-workers.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { playAuthority } from '#tests/signing/played-authority.ts';

describe('Work on files', () => {
  const authority = playAuthority();
  const { certificate } = authority.issue('Nguyễn Văn Bình');
  after(() => authority.stop());

  const check = async (file: Uint8Array, options: { ms?: number }) => {
    const workers = createFileWorkers({ threads: 1, ...options });
    try {
      return await workers.run('check', { format: 'pdf', file, reserve: false });
    } finally {
      await workers.stop();
    }
  };

  it('that is given up says nothing of the file: it may be tried again', async () => {
    // No worker starts within that.
    await assert.rejects(check(onePage(), { ms: 1 }), { code: 'file-work-failed', status: 503 });
    assert.equal((await check(onePage(), {})).increment.length, 0);
  });

  it('that takes long holds up no other', async () => {
    const workers = createFileWorkers({ threads: 1, longMs: 1 });
    const done: string[] = [];
    const look = async (name: string, format: 'pdf' | 'xml', file: Uint8Array): Promise<void> => {
      await workers.run('check', { format, file, reserve: false });
      done.push(name);
    };
    try {
      const long = Buffer.from(`<a>${'<b c="d"/>'.repeat(400_000)}</a>`);
      await Promise.all([look('long', 'xml', long), look('short', 'pdf', onePage())]);
    } finally {
      await workers.stop();
    }
    assert.deepEqual(done, ['short', 'long']);
  });

  it('keeps more room in a PDF for the signature of a long chain', async () => {
    const workers = createFileWorkers({ threads: 1 });
    const roomWith = async (chain: Uint8Array[]): Promise<number> => {
      const { contentsBytes } = await workers.run('prepare', {
        ...{ format: 'pdf', file: onePage(), certificate, chain, name: 'Bình', at: new Date() },
        ...{ numbers: undefined, appearance: undefined, image: undefined, person: undefined },
      });
      return contentsBytes;
    };
    try {
      assert.equal(await roomWith([]), 16_384);
      assert.ok((await roomWith([Buffer.alloc(20_000), Buffer.alloc(5000)])) > 25_000 + certificate.length);
    } finally {
      await workers.stop();
    }
  });

  it('tells of a broken file what its reader says', async () => {
    await assert.rejects(check(onePage().subarray(0, 300), {}), { code: 'pdf-broken', status: 422 });
  });
});
