import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { SigningRequest } from '#schemas/signing.ts';
import { type RunningEdge, startEdge } from '#tests/http/start-edge.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

const callers: Record<string, Caller> = {
  flows: { clientId: 'lienthong-flows', appId: 'flows', scopes: ['signing.request'] },
  office: { clientId: 'office-1', appId: 'office', scopes: ['signing.request'] },
};

describe('Requests for signatures on the behalf of another app', () => {
  let signing: SigningHub;
  let edge: RunningEdge;
  before(async () => {
    signing = await startSigning();
    edge = await startEdge({
      routes: signing.hub.parts.flatMap(part => part.routes ?? []),
      authenticate: async token => callers[token]!,
    });
  });
  after(async () => {
    await edge?.close();
    await signing?.stop();
  });
  const ask = async (token: string, body: object) => {
    const answer = await fetch(`${edge.origin}/api/v1/signing/requests`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ title: 'Thư hẹn lại', fileName: 'thu-hen-lai.pdf', putBack: true },
        ...{ steps: [{ signer: { staffId: signing.leader } }], ...body },
        file: Buffer.from(onePage()).toString('base64'),
      }),
    });
    return { status: answer.status, json: (await answer.json()) as SigningRequest & { code?: string } };
  };

  it('are taken from flows: the request is the app’s, and the signed file goes back to it', async () => {
    const { status, json } = await ask('flows', { appId: 'portal', documentId: 'GH-1' });
    assert.deepEqual([status, json.appId], [201, 'portal']);
    const [step] = await signing.hub.call('signing.waiting', { staffId: signing.leader });
    await signing.hub.call('signing.decide', {
      ...{ staffId: signing.leader, stepIds: [step!.stepId], decision: 'approve', pin: '246810' },
    });
    const isBack = async () => signing.putBack.some(({ documentId }) => documentId === 'GH-1');
    await waitUntil('it is put back', isBack, { withinMs: 10_000 });
  });

  it('are refused from an app: it asks for its own documents only', async () => {
    const { status, json } = await ask('office', { appId: 'portal', documentId: 'GH-2' });
    assert.deepEqual([status, json.code], [403, 'insufficient-scope']);
    assert.equal((await ask('office', { appId: 'office', documentId: 'GH-3' })).status, 201);
  });
});
