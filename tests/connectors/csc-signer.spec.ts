import assert from 'node:assert/strict';
import type { ConnectorError } from '#connectors/kit/errors.ts';
import { type CscStart, createCscSigner, tokenPath } from '#sandbox/csc-signer/csc-signer.ts';
import { serveApp } from '#sandbox/kit/app-server.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import { makeRequest, rightPlaces } from '#tests/connectors/signing-request.ts';
import { type StartedSigner, startSigner } from '#tests/connectors/start-signer.ts';

type Holder = CscStart['holders'][number];
const byPin: Holder = { userId: 'binh.tt', name: 'Trần Thị Bình', asks: 'pin', pin: '24681357' };

const start =
  (version: '1' | '2', holder: Holder, multisign = 5) =>
  async (): Promise<StartedForContract> => {
    const credentials = { clientId: 'lien-thong', clientSecret: 'secret-of-the-client' };
    const player = await createCscSigner({ version, holders: [holder], credentials, multisign });
    const app = await serveApp(player);
    const { userId, pin, otp } = holder;
    const settings = {
      baseUrl: `${app.origin}/csc/v${version}`,
      version,
      tokenUrl: app.origin + tokenPath,
      ...credentials,
      testUser: userId,
    };
    const given = { ...(pin === undefined ? {} : { pin }), ...(otp === undefined ? {} : { otp }) };
    return { app, settings, signer: { userId, ...given, asked: player.asked } };
  };

describe('A signing service by the CSC API', () => {
  let service: StartedSigner;
  const open = async (version: '1' | '2', holder: Holder, multisign?: number): Promise<void> => {
    service = await startSigner('csc-signer', start(version, holder, multisign));
  };
  afterEach(() => service.stop());
  const authorise = async (count: number) => {
    const made = await makeRequest(service.subject, count);
    const { session } = await service.subject.signer.authorise(made.request);
    return { ...made, session, sign: () => service.subject.signer.sign({ ...made.request, session }) };
  };

  for (const version of ['1', '2'] as const) {
    it(`signs several hashes by PIN and code in one call, version ${version}`, async () => {
      await open(version, { ...byPin, otp: '112233' });
      const made = await authorise(3);
      assert.deepEqual(made.credential.asks, ['pin', 'otp']);
      assert.equal(made.credential.maxHashes, 5);
      assert.deepEqual(rightPlaces(made, await made.sign()), [true, true, true]);
      assert.equal(service.recorder.sent().match(/signatures\/signHash/g)?.length, 1);
    });

    it(`says refused for a wrong PIN and a wrong code, without telling them, version ${version}`, async () => {
      await open(version, { ...byPin, otp: '112233' });
      const { request } = await makeRequest(service.subject, 1);
      for (const wrong of [{ pin: '99999999' }, { otp: '999999' }])
        await assert.rejects(
          service.subject.signer.authorise({ ...request, ...wrong }),
          (error: ConnectorError) => error.code === 'refused' && !/9999/.test(error.stack ?? ''),
        );
      await service.subject.signer.authorise(request);
    });
  }

  it('gives the same signatures again when the first answer got lost, although a SAD signs once', async () => {
    await open('2', byPin);
    const made = await authorise(2);
    const first = await made.sign();
    assert.deepEqual(await made.sign(), first);
  });

  it('says expired when the leave is not good any more, and asks anew by the same transaction', async () => {
    await open('2', byPin);
    const made = await authorise(1);
    await service.subject.decide('expire');
    assert.equal((await made.sign()).state, 'expired');
    const { session } = await service.subject.signer.authorise(made.request);
    assert.notEqual(session, made.session);
    assert.equal((await service.subject.signer.sign({ ...made.request, session })).state, 'signed');
  });

  it('waits for the holder’s app where the service asks there, and signs when they confirmed', async () => {
    await open('2', { userId: 'an.nv', name: 'Nguyễn Văn An', asks: 'app' });
    const made = await authorise(2);
    assert.deepEqual(made.credential.asks, ['app']);
    assert.equal((await made.sign()).state, 'waiting');
    await service.subject.decide('confirm');
    const answer = await service.subject.signer.status({ ...made.request, session: made.session });
    assert.deepEqual(rightPlaces(made, answer), [true, true]);
  });

  it('tells the holder’s no in the app as refused', async () => {
    await open('2', { userId: 'an.nv', name: 'Nguyễn Văn An', asks: 'app' });
    const made = await authorise(1);
    await service.subject.decide('refuse');
    assert.equal((await made.sign()).state, 'refused');
  });

  it('may swap signatures, which does not go unseen, or tell them twice, which is not believed', async () => {
    await open('2', byPin);
    await service.fault('swapped');
    const swapped = await authorise(3);
    assert.deepEqual(rightPlaces(swapped, await swapped.sign()), [false, false, true]);
    await service.fault('twice');
    const twice = await authorise(2);
    await assert.rejects(twice.sign(), { code: 'unexpected-answer' });
  });

  it('tells a revoked key as such and asks nobody', async () => {
    await open('2', byPin);
    const { request } = await makeRequest(service.subject, 1);
    await service.fault('revoked');
    const [credential] = await service.subject.signer.certificates({ userId: service.subject.userId });
    assert.equal(credential?.status, 'revoked');
    await assert.rejects(service.subject.signer.authorise(request), { code: 'refused' });
    assert.equal(service.subject.asked(), 0);
  });

  it('sends the PIN to the service alone, in the one call that needs it', async () => {
    await open('2', byPin);
    const made = await authorise(1);
    await made.sign();
    const calls = service.recorder.sent().split(/(?=POST )/);
    assert.deepEqual(
      calls.filter(call => call.includes('24681357')).map(call => call.split(' ')[1]),
      ['/csc/v2/credentials/authorize'],
    );
  });
});
