import assert from 'node:assert/strict';
import type { SigningRequest } from '#schemas/signing.ts';
import { type RunningEdge, startEdge } from '#tests/http/start-edge.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

describe('Kinds of document', () => {
  let signing: SigningHub;
  let edge: RunningEdge;
  before(async () => {
    signing = await startSigning();
    edge = await startEdge({
      routes: signing.hub.parts.flatMap(part => part.routes ?? []),
      authenticate: async () => ({ clientId: 'office', scopes: ['admin', 'signing.request'] }),
    });
  });
  after(async () => {
    await edge?.close();
    await signing?.stop();
  });

  const send = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${edge.origin}/api/v1/signing/${path}`, {
      method,
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: (await answer.json()) as unknown };
  };
  let nr = 0;
  const ask = (more: object = {}) =>
    send('POST', 'requests', {
      ...{ documentId: `VB-${++nr}`, title: 'Về việc bổ nhiệm', fileName: 'quyet-dinh.pdf' },
      steps: [{ signer: { staffId: signing.leader } }],
      file: Buffer.from(onePage()).toString('base64'),
      ...more,
    });
  const approve = async (requestId: string): Promise<string> => {
    const [step] = (await signing.hub.call('signing.waiting', { staffId: signing.leader })).filter(
      waiting => waiting.requestId === requestId,
    );
    const [outcome] = await signing.hub.call('signing.decide', {
      ...{ staffId: signing.leader, stepIds: [step!.stepId], decision: 'approve', pin: '246810' },
    });
    return outcome!.ok ? 'ok' : outcome!.code!;
  };

  it('are named by who asks, in any word of up to a hundred characters, and shown', async () => {
    const { status, json } = await ask({ documentType: ' Quyết định '.normalize('NFD') });
    assert.equal(status, 201);
    const { id, documentType } = json as SigningRequest;
    assert.equal(documentType, 'Quyết định');
    const shown = (await send('GET', `requests/${id}`)).json as SigningRequest;
    assert.equal(shown.documentType, 'Quyết định');
    assert.equal((await ask({ documentType: 'x'.repeat(101) })).status, 400);
    assert.equal(((await ask()).json as SigningRequest).documentType, undefined);
  });

  it('decide which signing service a document goes to', async () => {
    const route = { kind: 'embedded', priority: 1, enabled: true };
    const rules = { documentTypes: ['Quyết định'] };
    assert.equal((await send('PUT', 'routes/embedded', { ...route, rules })).status, 200);
    const listed = (await send('GET', 'routes')).json as { items: { id: string; rules: object }[] };
    assert.deepEqual(listed.items.find(({ id }) => id === 'embedded')!.rules, rules);
    const [decision, letter] = await Promise.all(
      ['Quyết định', 'Công văn'].map(async documentType => (await ask({ documentType })).json),
    );
    const unnamed = (await ask()).json;
    assert.equal(await approve((letter as SigningRequest).id), 'no-signing-key');
    assert.equal(await approve((unnamed as SigningRequest).id), 'no-signing-key');
    assert.equal(await approve((decision as SigningRequest).id), 'ok');
  });
});
