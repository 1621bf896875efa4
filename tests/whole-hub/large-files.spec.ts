import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { SigningRequest } from '#schemas/signing.ts';
import { makePdf } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, makeFolder } from '#tests/signature/pdf/outside.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';
import { type SignerAtDesk, signerAtDesk } from './signer-at-desk.ts';

const megabyte = 1024 * 1024;

/** A PDF of so many pages, with so many bytes that no page shows. */
const largePdf = ({ pages = 1, bytes = 0 }): Buffer => {
  const first = 5;
  const kids = Array.from({ length: pages }, (_, at) => `${first + at} 0 R`).join(' ');
  const content = 'BT /F1 12 Tf 72 700 Td (So:     /QD-UBND) Tj ET';
  return makePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages} /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ...Array.from({ length: pages }, () => '<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>'),
    `<< /Length ${bytes} >>\nstream\n${'A'.repeat(bytes)}\nendstream`,
  ]);
};

describe('Large files to be signed', function () {
  this.timeout(180_000);
  let embedded: EmbeddedHub;
  let leader: SignerAtDesk;
  const folder = makeFolder();
  before(async () => {
    embedded = await embeddedHub();
    leader = await signerAtDesk(embedded.hub.origin, embedded.dataDir, 'leader');
  });
  after(() => folder.remove());

  const send = (documentId: string, file: Buffer): Promise<Response> => {
    const form = new FormData();
    const request = { documentId, title: documentId, steps: [{ signer: { staffId: leader.staffId } }] };
    form.set('request', JSON.stringify(request));
    form.set('file', new Blob([new Uint8Array(file)]), 'lon.pdf');
    return embedded.hub.ask('/api/v1/signing/requests', { method: 'POST', body: form });
  };
  const mostMemory = async (): Promise<number> => {
    const status = await readFile(`/proc/${embedded.hub.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024;
  };
  const sign = async (documentId: string, file: Buffer): Promise<Buffer> => {
    const asked = await send(documentId, file);
    assert.equal(asked.status, 201, await asked.clone().text());
    const { id, steps } = (await asked.json()) as SigningRequest;
    await leader.approve([steps[0]!.id]);
    const path = `/api/v1/signing/requests/${id}`;
    await waitUntil(
      'it to be signed',
      async () => (await embedded.hub.get<SigningRequest>(path)).state === 'returned',
      {
        withinMs: 60_000,
      },
    );
    return Buffer.from(await (await embedded.hub.ask(`${path}/file`)).arrayBuffer());
  };
  const judge = (file: Buffer) => askPdfsig(folder.path, file).map(({ valid }) => valid);

  it('of five hundred pages are signed', async () => {
    const file = largePdf({ pages: 500 });
    const signed = await sign('500-trang', file);
    assert.ok(signed.subarray(0, file.length).equals(file));
    assert.deepEqual(judge(signed), [true]);
  });

  it('are refused above a hundred megabytes, with the limit, and are not kept in memory', async () => {
    const before = await mostMemory();
    const answer = await send('200-MB', largePdf({ bytes: 200 * megabyte }));
    const { code, params } = (await answer.json()) as { code: string; params: object };
    assert.deepEqual([answer.status, code, params], [413, 'too-large', { limit: '100 MB' }]);
    assert.ok((await mostMemory()) < before + 100);
  });

  it('of many megabytes are signed, in memory for some copies of the file', async () => {
    const file = largePdf({ bytes: 30 * megabyte });
    const before = await mostMemory();
    const signed = await sign('30-MB', file);
    assert.ok(signed.subarray(0, file.length).equals(file));
    assert.deepEqual(judge(signed), [true]);
    const copies = ((await mostMemory()) - before) / 30;
    assert.ok(copies < 20, `${copies} copies`);
  });
});
