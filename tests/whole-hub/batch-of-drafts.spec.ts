import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { SigningRequest } from '#schemas/signing.ts';
import type { VerificationReport } from '#schemas/verification.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, makeFolder } from '#tests/signature/pdf/outside.ts';
import { type Client, fetchToken } from './call-hub.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';
import { signerAtDesk } from './signer-at-desk.ts';

/** A document as `GET /_state/documents` of a played app tells it. */
interface HeldDocument {
  id: string;
  number: string;
  issuedOn: string;
  version: number;
  sha256: string;
}

const count = 300;
const json = { 'content-type': 'application/json' };
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

// Comes before the specs that move people about: the clerk must still work where the seal is.
describe('Three hundred drafts of the document system', function () {
  this.timeout(180_000);
  let embedded: EmbeddedHub;
  let hub: Client;
  let documents: string;
  let authorization: string;
  const folder = makeFolder();
  before(async () => {
    embedded = await embeddedHub();
    hub = embedded.hub;
    documents = hub.apps['document-system']!;
    const made = await hub.ask('/api/v1/apps/document-system/clients', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ scopes: ['signing.request', 'signing.verify'] }),
    });
    const { clientId, clientSecret } = (await made.json()) as { clientId: string; clientSecret: string };
    authorization = `Bearer ${await fetchToken(hub.origin, clientId, clientSecret)}`;
  });
  after(() => folder.remove());

  const held = async (): Promise<Map<string, HeldDocument>> => {
    const answer = await fetch(`${documents}/_state/documents`);
    return new Map(((await answer.json()) as HeldDocument[]).map(one => [one.id, one]));
  };
  const list = async (batchId: string): Promise<SigningRequest[]> => {
    const found: SigningRequest[] = [];
    for (let cursor = ''; ; ) {
      const path = `/api/v1/signing/requests?limit=200&batchId=${batchId}${cursor}`;
      const { items, next } = await hub.get<{ items: SigningRequest[]; next?: string }>(path);
      found.push(...items);
      if (next === undefined) return found;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
  };

  it('come back signed by the leader, numbered and sealed by the clerk, each with both signatures valid', async () => {
    const drafts = new Map<string, Buffer>();
    for (let nr = 1; nr <= count; nr++) {
      const id = `DT-${nr}`;
      const file = onePage({ catalog: `/Lang (vi-${nr})` });
      drafts.set(id, file);
      const draft = { action: 'draft', id, fileName: `${id}.pdf`, base64: file.toString('base64') };
      await fetch(`${documents}/_actions`, { method: 'POST', body: JSON.stringify(draft) });
    }
    const leader = await signerAtDesk(hub.origin, embedded.dataDir, 'leader');
    const clerk = await signerAtDesk(hub.origin, embedded.dataDir, 'clerk');
    const requests = [...drafts.keys()].map(documentId => ({
      ...{ documentId, title: `Quyết định ${documentId}`, fileName: `${documentId}.pdf` },
      ...{ reserve: true, putBack: true },
      steps: [{ signer: { staffId: leader.staffId } }, { signer: { unitId: clerk.unitId }, numbers: true }],
    }));
    const answer = await fetch(`${hub.origin}/api/v1/signing/batches`, {
      method: 'POST',
      headers: { ...json, authorization },
      body: JSON.stringify({ requests }),
    });
    const batch = (await answer.json()) as { id: string; items: { id?: string }[] };
    assert.equal(
      batch.items.filter(({ id }) => id !== undefined).length,
      count,
      JSON.stringify(batch.items[0]),
    );

    const stepsAt = (all: SigningRequest[], position: number) =>
      all.flatMap(({ steps }) => steps.filter(step => step.position === position));
    await leader.approve(stepsAt(await list(batch.id), 1).map(({ id }) => id));
    await waitUntil(
      'the clerk to have all',
      async () => stepsAt(await list(batch.id), 2).every(({ state }) => state === 'waiting'),
      { withinMs: 60_000, everyMs: 500 },
    );
    const numbers = Object.fromEntries(
      stepsAt(await list(batch.id), 2).map(({ id }, at) => [
        id,
        { number: `${at + 1}/QĐ-UBND`, date: '2026-03-02' },
      ]),
    );
    await clerk.approve(Object.keys(numbers), numbers);
    await waitUntil(
      'all to be back',
      async () => (await list(batch.id)).every(({ state }) => state === 'returned'),
      { withinMs: 60_000, everyMs: 500 },
    );

    const back = await held();
    const returned = await list(batch.id);
    assert.equal(new Set(returned.map(({ number }) => number)).size, count);
    for (const { documentId, original, current, number } of returned) {
      assert.equal(original, sha256(drafts.get(documentId)!));
      const { version, issuedOn, ...one } = back.get(documentId)!;
      assert.deepEqual(
        [version, one.sha256, one.number, issuedOn],
        [2, current, number, '02/03/2026'],
        documentId,
      );
    }
    for (const { id, documentId, current } of returned.filter((_, at) => at % 50 === 0)) {
      const got = await hub.ask(`/api/v1/signing/requests/${id}/file`);
      const file = Buffer.from(await got.arrayBuffer());
      assert.equal(sha256(file), current);
      assert.ok(file.subarray(0, drafts.get(documentId)!.length).equals(drafts.get(documentId)!));
      assert.deepEqual(
        askPdfsig(folder.path, file).map(({ valid }) => valid),
        [true, true],
      );
      const verified = await fetch(`${hub.origin}/api/v1/signing/verify`, {
        method: 'POST',
        headers: { 'content-type': 'application/pdf', authorization },
        body: new Uint8Array(file),
      });
      const { report } = (await verified.json()) as { report: VerificationReport };
      assert.deepEqual(
        report.signatures.map(({ verdict, trusted, changes }) => [verdict, trusted, changes]),
        [
          ['valid', true, 'allowed'],
          ['valid', true, 'none'],
        ],
      );
    }
  });
});
