import { randomBytes } from 'node:crypto';
import PQueue from 'p-queue';
import { makeFile } from '#bench/support/pdf-of-size.ts';
import createKeyService from '#hub/key-service/key-service.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import { createFileWorkers } from '#hub/signing/file-workers.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { createSigningWith } from '#hub/signing/signing.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { drawSeal } from '#sandbox/signing/draw-pictures.ts';
import type { Appearance, SigningLevel } from '#schemas/signing.ts';
import { createTestHub } from '#tests/support/test-hub.ts';

// A process of its own: the parts of a hub that sign, an app that asks and a leader who approves. One order at a time.

/** What this process is told when it starts, as JSON in its first argument; certificates in base64. */
export interface Opening {
  folder: string;
  timeStampUrl: string;
  root: string;
  issuing: string;
}
/** How the documents of a row are signed. */
export interface Wanted {
  level?: SigningLevel;
  appearance?: Appearance;
}
export type Order =
  | { do: 'install'; certificate: string }
  | { do: 'sign'; count: number; atOnce: number; wanted: Wanted }
  | { do: 'show'; id: string };
/** What became of a row: how long each approval of it took, and the last document's id. */
export interface Signed {
  /** From the arrival of its first document to the return of its last. */
  wholeMs: number[];
  /** From the approval on. */
  approvedMs: number[];
  last: string;
}

/** Documents that come in at once. */
const arriving = 16;
const pin = '135790';

const opening = JSON.parse(process.argv[2]!) as Opening;
const sso: Part = { name: 'sso', actions: { 'sso.roles': async () => [], 'apps.list': async () => [] } };
const workers = createFileWorkers();
const hub = await createTestHub([createUnits, createStaff, createKeyService, createSigningWith(workers)], {
  stubs: [sso],
  config: { dataDir: opening.folder },
});
const actor = 'bench';
const change = { origin: '1', record: { name: 'Phạm Thị Đức', code: '000001' } };
const [outcome] = await hub.call('staff.apply', { changes: [change], source: 'bench', actor });
const leader = outcome!.staffId!;
await hub.call('signing.set-settings', {
  timeStampUrl: opening.timeStampUrl,
  roots: [opening.root],
  intermediates: [opening.issuing],
  actor,
});
await hub.call('signing.set-image', { staffId: leader, png: drawSeal().toString('base64'), actor });
const subject = { CN: 'Phạm Thị Đức', C: 'VN' };
const { credentialId, request } = await hub.call('key-service.create', {
  staffId: leader,
  subject,
  pin,
  actor,
});

const arrive = (wanted: Wanted): Promise<{ id: string }> =>
  receiveRequest(
    { ...hub.context, workers },
    {
      input: {
        documentId: randomBytes(8).toString('hex'),
        title: 'Quyết định',
        fileName: 'a.pdf',
        steps: [{ signer: { staffId: leader }, ...wanted }],
      },
      file: makeFile(),
      appId: 'portal',
      actor,
    },
  );

const signTogether = async (size: number, wanted: Wanted, signed: Signed): Promise<void> => {
  const began = performance.now();
  const made = await new PQueue({ concurrency: arriving }).addAll(
    Array.from({ length: size }, () => () => arrive(wanted)),
  );
  const stepIds = (await hub.call('signing.waiting', { staffId: leader })).map(({ stepId }) => stepId);
  const approved = performance.now();
  const factorAt = new Date().toISOString();
  const decision = { staffId: leader, stepIds, decision: 'approve' as const, pin, factorAt };
  await hub.call('signing.decide', decision, { timeoutMs: 120_000 });
  const ids = made.map(({ id }) => id);
  const isDone = async (): Promise<boolean> =>
    (await findRequests(hub.db, ids)).every(({ state }) => state === 'returned');
  await waitUntil('the documents are returned', isDone, { withinMs: 120_000, everyMs: size === 1 ? 2 : 25 });
  signed.wholeMs.push(performance.now() - began);
  signed.approvedMs.push(performance.now() - approved);
  signed.last = ids.at(-1)!;
};

const orders = {
  async install({ certificate }: Extract<Order, { do: 'install' }>): Promise<void> {
    await hub.call('key-service.install', { credentialId, certificate, chain: [opening.issuing], actor });
  },
  async sign({ count, atOnce, wanted }: Extract<Order, { do: 'sign' }>): Promise<Signed> {
    const signed: Signed = { wholeMs: [], approvedMs: [], last: '' };
    for (let done = 0; done < count; done += atOnce)
      await signTogether(Math.min(atOnce, count - done), wanted, signed);
    return signed;
  },
  async show({ id }: Extract<Order, { do: 'show' }>): Promise<string> {
    return (await readFile(hub.db, (await findRequests(hub.db, [id]))[0]!)).toString('base64');
  },
};

process.on('message', async (order: Order) => {
  process.send!({ answer: await orders[order.do](order as never) });
});
process.on('disconnect', async () => {
  await hub.stop();
  process.exit(0);
});
process.send!({ answer: request });
