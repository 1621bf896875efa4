import assert from 'node:assert/strict';
import createDocuments from '#hub/documents/documents.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import createUnits from '#hub/units/units.service.ts';
import type { SentDocument } from '#schemas/document.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('A hand-over that breaks off', function () {
  this.timeout(30_000);
  let hub: TestHub;
  /** Ids of documents that were handed over, each time they were. */
  const handed: string[] = [];
  const connectors: Part = {
    name: 'connectors',
    actions: {
      'connectors.list': async () => [{ id: 'axis', ports: ['documentAxis'] }] as never,
      async 'connectors.invoke'({ method, input }) {
        if (method === 'list') return { ok: true, result: { items: [] }, durationMs: 1 };
        const [{ to }] = input as [{ to: [string] }];
        handed.push(to[0]);
        if (handed.filter(one => one === to[0]).length === 1 && to[0] === 'H17.01') throw new Error('broken');
        return { ok: true, result: {}, durationMs: 1 };
      },
    },
  };
  before(async () => {
    hub = await createTestHub([createUnits, createDocuments], { stubs: [connectors] });
    const units = [{ code: 'VP', name: 'Văn phòng', level: 'agency' as const, code2020: 'H57.01' }];
    await hub.call('units.load', { units, source: 'test', actor: 'test' });
  });
  after(() => hub?.stop());

  it('is put off like one that an app could not take, and the others of its round go on', async () => {
    const document: SentDocument = {
      documentId: 'H57.01,2026/03/01,12/QĐ-VP',
      from: { organId: 'H57.01', name: 'Văn phòng' },
      to: [
        { organId: 'H17.01', name: 'Sở A' },
        { organId: 'H17.02', name: 'Sở B' },
      ],
      number: '12',
      notation: 'QĐ-VP',
      issuedOn: '2026-03-01',
      subject: 'V/v phối hợp',
      files: [{ name: '12.pdf', base64: 'JVBERi0=' }],
    };
    const { id } = await hub.call('documents.send', { document, actor: 'test' });
    const stateOf = async (organId: string) =>
      (await hub.call('documents.find', { id }))?.receivers.find(one => one.organId === organId);
    const isSent = (organId: string) => async () => (await stateOf(organId))?.state === 'sent';
    await waitUntil('the other', isSent('H17.02'), { withinMs: 15_000 });
    await waitUntil('the second try', isSent('H17.01'), { withinMs: 15_000 });
    assert.deepEqual(handed.toSorted(), ['H17.01', 'H17.01', 'H17.02']);
  });
});
