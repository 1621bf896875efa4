import assert from 'node:assert/strict';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { makeRequest, rightPlaces } from '#tests/connectors/signing-request.ts';
import { type StartedSigner, startSigner } from '#tests/connectors/start-signer.ts';

const refused = (error: unknown): boolean => error instanceof ConnectorError && error.code === 'refused';

// What both services that sign on the holder's phone must bear.
for (const id of ['smartca', 'mysign'])
  describe(`A signing service by phone, ${id}`, () => {
    let service: StartedSigner;
    beforeEach(async () => {
      service = await startSigner(id);
    });
    afterEach(() => service.stop());
    const ask = async (count = 3) => {
      const made = await makeRequest(service.subject, count);
      const { session } = await service.subject.signer.authorise(made.request);
      const look = () => service.subject.signer.status({ ...made.request, session });
      return { ...made, look };
    };

    it('may answer late: it is waited for until the signatures are there', async () => {
      const asked = await ask();
      await service.fault('late');
      await service.subject.decide('confirm');
      assert.equal((await asked.look()).state, 'waiting');
      assert.equal((await asked.look()).state, 'waiting');
      assert.deepEqual(rightPlaces(asked, await asked.look()), [true, true, true]);
    });

    it("may give another hash's signature: it keeps its place, and does not verify there", async () => {
      const asked = await ask();
      await service.fault('swapped');
      await service.subject.decide('confirm');
      assert.deepEqual(rightPlaces(asked, await asked.look()), [false, false, true]);
      await service.fault('ok');
      assert.deepEqual(rightPlaces(asked, await asked.look()), [true, true, true]);
    });

    it('tells a question that nobody confirms as expired, and a no as refused', async () => {
      await service.fault('expires');
      assert.equal((await (await ask()).look()).state, 'expired');
      await service.fault('refuses');
      assert.equal((await (await ask()).look()).state, 'refused');
    });

    it('tells a revoked key as such, and asks nobody to sign with it', async () => {
      const made = await makeRequest(service.subject, 1);
      await service.fault('revoked');
      const [credential] = await service.subject.signer.certificates({ userId: service.subject.userId });
      assert.equal(credential?.status, 'revoked');
      await assert.rejects(service.subject.signer.authorise(made.request), refused);
      assert.equal(service.subject.asked(), 0);
    });

    it('is never sent a PIN or a code: the holder gives them to the app only', async () => {
      const made = await makeRequest(service.subject, 1);
      await service.subject.signer.authorise({ ...made.request, pin: 'PIN-4711-KIN', otp: 'OTP-0815-KIN' });
      assert.ok(service.recorder.sent().includes(made.credential.id));
      assert.doesNotMatch(service.recorder.sent(), /-KIN/);
    });

    it('is read only by the check, and asks nobody', async () => {
      await service.instance.ping({ signal: AbortSignal.timeout(5000) });
      await service.subject.signer.certificates({ userId: service.instance.testUser as string });
      assert.equal(service.subject.asked(), 0);
    });
  });
