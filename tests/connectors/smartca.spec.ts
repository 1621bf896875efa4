import assert from 'node:assert/strict';
import type { ConnectorError } from '#connectors/kit/errors.ts';
import { inOrder } from '#connectors/smartca/mapping.ts';
import { makeRequest, rightPlaces } from '#tests/connectors/signing-request.ts';
import { setFault } from '#tests/connectors/start-sandbox.ts';
import { type StartedSigner, startSigner } from '#tests/connectors/start-signer.ts';

const value = (text: string): string => Buffer.from(text).toString('base64');

describe('VNPT SmartCA', () => {
  let service: StartedSigner;
  before(async () => {
    service = await startSigner('smartca');
  });
  after(() => service.stop());

  it('signs what it was asked although the answer got lost and another node asks again', async () => {
    const made = await makeRequest(service.subject, 2);
    const other = await startSigner('smartca', async () => ({
      ...service.started,
      app: { ...service.started.app, stop: async () => {} },
    }));
    try {
      const first = await service.subject.signer.authorise(made.request);
      const second = await other.subject.signer.authorise(made.request);
      assert.equal(second.session, first.session);
      await service.subject.decide('confirm');
      const answer = await other.subject.signer.status({ ...made.request, session: second.session });
      assert.deepEqual(rightPlaces(made, answer), [true, true]);
    } finally {
      await other.stop();
    }
  });

  it('may tell every signature twice: each is taken once', async () => {
    const made = await makeRequest(service.subject, 2);
    const { session } = await service.subject.signer.authorise(made.request);
    await service.fault('twice');
    await service.subject.decide('confirm');
    const answer = await service.subject.signer.status({ ...made.request, session });
    await service.fault('ok');
    assert.deepEqual(rightPlaces(made, answer), [true, true]);
    assert.equal(answer.state === 'signed' && answer.signatures.length, 2);
  });

  it('tells the signatures in any order, and they are put in ours', () => {
    const told = [
      { doc_id: 'VB-2-2', signature_value: value('b') },
      { doc_id: 'VB-1-2', signature_value: value('a') },
    ];
    assert.deepEqual(inOrder(told), [value('a'), value('b')]);
  });

  it('is not believed when a signature is missing, foreign, or told in two ways', () => {
    for (const told of [
      [{ doc_id: 'VB-2-2', signature_value: value('b') }],
      [{ doc_id: 'another', signature_value: value('b') }],
      [{ doc_id: 'VB-1-1', signature_value: null }],
      [
        { doc_id: 'VB-1-1', signature_value: value('a') },
        { doc_id: 'VB-1-1', signature_value: value('b') },
      ],
    ])
      assert.throws(
        () => inOrder(told),
        (error: ConnectorError) => error.code === 'unexpected-answer',
        JSON.stringify(told),
      );
  });

  it('can be asked by its own transaction code instead of ours', async () => {
    const byCode = await startSigner('smartca', undefined, { statusBy: 'tran_code' });
    try {
      const made = await makeRequest(byCode.subject, 1);
      const { session } = await byCode.subject.signer.authorise(made.request);
      assert.notEqual(session, made.request.transactionId);
      await byCode.subject.decide('confirm');
      assert.deepEqual(rightPlaces(made, await byCode.subject.signer.sign({ ...made.request, session })), [
        true,
      ]);
    } finally {
      await byCode.stop();
    }
  });

  it('tells how long to wait when it asks for fewer calls', async () => {
    await setFault(service.started.app.origin, { mode: 'busy', retryAfter: 9 });
    await assert.rejects(
      service.subject.signer.certificates({ userId: service.subject.userId }),
      (error: ConnectorError) => error.code === 'rate-limited' && error.retryAfterMs === 9000,
    );
    await service.fault('ok');
  });
});
