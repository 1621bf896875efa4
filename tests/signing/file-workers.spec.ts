import assert from 'node:assert/strict';
import { createFileWorkers } from '#hub/signing/file-workers.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';

describe('Work on files', () => {
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

  it('tells of a broken file what its reader says', async () => {
    await assert.rejects(check(onePage().subarray(0, 300), {}), { code: 'pdf-broken', status: 422 });
  });
});
