import assert from 'node:assert/strict';
import type { ConnectorError } from '#connectors/kit/errors.ts';
import { shownText, toAnswer } from '#connectors/mysign/mapping.ts';
import { makeRequest, rightPlaces } from '#tests/connectors/signing-request.ts';
import { type StartedSigner, startSigner } from '#tests/connectors/start-signer.ts';

const read = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

describe('Viettel MySign', () => {
  let service: StartedSigner;
  beforeEach(async () => {
    service = await startSigner('mysign');
  });
  afterEach(() => service.stop());

  it('shows the holder plain letters, short enough, whatever the title holds', () => {
    assert.equal(read(shownText('Quyết định số 12/QĐ-UBND «khẩn»')), 'Quyet dinh so 12 QD-UBND khan');
    assert.equal(read(shownText('«»')), '-');
    assert.ok(shownText('Đ'.repeat(500)).length < 100);
  });

  it('logs in again when a token was revoked, in the middle of a transaction', async () => {
    const made = await makeRequest(service.subject, 2);
    const { session } = await service.subject.signer.authorise(made.request);
    const body = JSON.stringify({ action: 'expire-tokens' });
    await (await fetch(`${service.started.app.origin}/_actions`, { method: 'POST', body })).text();
    await service.subject.decide('confirm');
    const answer = await service.subject.signer.status({ ...made.request, session });
    assert.deepEqual(rightPlaces(made, answer), [true, true]);
  });

  it('is not believed when it tells every signature twice', async () => {
    const made = await makeRequest(service.subject, 2);
    const { session } = await service.subject.signer.authorise(made.request);
    await service.fault('twice');
    await service.subject.decide('confirm');
    await assert.rejects(
      service.subject.signer.status({ ...made.request, session }),
      (error: ConnectorError) => error.code === 'unexpected-answer',
    );
  });

  it('asks anew by the same transaction once the first question is over', async () => {
    const made = await makeRequest(service.subject, 1);
    const first = await service.subject.signer.authorise(made.request);
    await service.subject.decide('expire');
    await service.subject.signer.status({ ...made.request, session: first.session });
    const second = await service.subject.signer.authorise(made.request);
    assert.notEqual(second.session, first.session);
    assert.equal(service.subject.asked(), 2);
  });

  it('says not-found for a holder that it does not know', () =>
    assert.rejects(
      service.subject.signer.certificates({ userId: 'CMT_000' }),
      (error: ConnectorError) => error.code === 'not-found' && error.vendorCode === '58008',
    ));

  it('has a state for every code that is known, and guesses none', () => {
    const stateOf = (status: string) => toAnswer('s', { status, signatures: null }).state;
    assert.deepEqual(['0', '4000', '6000'].map(stateOf), ['waiting', 'waiting', 'waiting']);
    assert.equal(stateOf('4001'), 'expired');
    assert.equal(stateOf('4002'), 'refused');
    for (const code of ['4004', '4005', '13004']) assert.equal(stateOf(code), 'unable', code);
    assert.throws(() => stateOf('50000'), { code: 'unavailable' });
    assert.throws(() => stateOf('77'), { code: 'unexpected-answer' });
  });
});
