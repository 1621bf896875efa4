import assert from 'node:assert/strict';
import { createHash, randomUUID, verify, X509Certificate } from 'node:crypto';
import { ConnectorError } from '#connectors/kit/errors.ts';
import type { Authorisation, Credential, SignatureAnswer, SignerPort } from '#schemas/signer.ts';
import type { ContractCheck } from './contract-check.ts';

type WithoutContext<P> = {
  [M in keyof P]: P[M] extends (input: infer I, context: never) => infer R ? (input: I) => R : never;
};
export interface SignerSubject {
  signer: WithoutContext<SignerPort>;
  userId: string;
  /** What the holder gives: a PIN, a one-time code. */
  given: { pin?: string; otp?: string };
  /** What the holder does on their phone with everything that waits. */
  decide(decision: 'confirm' | 'refuse' | 'expire'): Promise<unknown>;
  /** How often the holder was asked since the beginning. */
  asked(): number;
}

const contents = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `Văn bản số ${index + 1} ${randomUUID()}`);
const hashOf = (content: string): string => createHash('sha256').update(content).digest('base64');

const firstCredential = async ({ signer, userId }: SignerSubject): Promise<Credential> => {
  const found = (await signer.certificates({ userId })).find(one => one.status === 'active');
  assert.ok(found, 'the test user has a key that signs');
  return found;
};
const makeRequest = async (subject: SignerSubject, texts: string[]): Promise<Authorisation> => ({
  credentialId: (await firstCredential(subject)).id,
  userId: subject.userId,
  transactionId: randomUUID(),
  title: 'Kiểm tra ký số «Liên Thông»',
  hashes: texts.map(hashOf),
  documents: texts.map((_, index) => `Công văn ${index + 1}.pdf`),
  ...subject.given,
});
const waitsFor = (credential: Credential): boolean => credential.asks.includes('app');

/** A signature that a relying party takes: right hash, right key. */
const assertSigned = (credential: Credential, texts: string[], answer: SignatureAnswer): void => {
  assert.equal(answer.state, 'signed', JSON.stringify({ ...answer, session: undefined }));
  const { signatures } = answer as { signatures: string[] };
  const { publicKey } = new X509Certificate(Buffer.from(credential.certificate, 'base64'));
  assert.deepEqual(
    texts.map((text, at) =>
      verify('sha256', Buffer.from(text), publicKey, Buffer.from(signatures[at] ?? '', 'base64')),
    ),
    texts.map(() => true),
    'each signature is that of the hash in its place',
  );
};

/** The holder's no, or the end of the time: a state where the service tells one, else `refused` from the call. */
const outcomeOf = async (subject: SignerSubject, request: Authorisation): Promise<string> => {
  try {
    const { session } = await subject.signer.authorise(request);
    return (await subject.signer.sign({ ...request, session })).state;
  } catch (error) {
    assert.ok(error instanceof ConnectorError, String(error));
    return error.code;
  }
};

/** What the port `signer` promises (see `schemas/signer.ts`). */
export const signerContract: ContractCheck<SignerSubject>[] = [
  {
    id: 'signer.certificates',
    title: 'tells the keys of a holder with certificate, issuer and what they ask for',
    async run(subject) {
      const credential = await firstCredential(subject);
      const certificate = new X509Certificate(Buffer.from(credential.certificate, 'base64'));
      for (const issuer of credential.chain.slice(0, 1))
        assert.ok(certificate.verify(new X509Certificate(Buffer.from(issuer, 'base64')).publicKey));
      assert.ok(credential.asks.length > 0 && credential.maxHashes >= 1);
    },
  },
  {
    id: 'signer.order',
    title: 'signs several hashes by one leave, each signature in the place of its hash',
    async run(subject) {
      const credential = await firstCredential(subject);
      const texts = contents(Math.min(5, credential.maxHashes));
      const request = await makeRequest(subject, texts);
      const { session, expiresAt } = await subject.signer.authorise(request);
      assert.ok(Date.parse(expiresAt) > Date.now(), expiresAt);
      const status = () => subject.signer.status({ ...request, session });
      if (waitsFor(credential)) {
        assert.equal((await subject.signer.sign({ ...request, session })).state, 'waiting');
        assert.equal((await status()).state, 'waiting');
        await subject.decide('confirm');
        assertSigned(credential, texts, await status());
      }
      assertSigned(credential, texts, await subject.signer.sign({ ...request, session }));
      assertSigned(credential, texts, await subject.signer.sign({ ...request, session }));
    },
  },
  {
    id: 'signer.once',
    title: 'asks the holder once for the same transaction, also twice at the same time',
    async run(subject) {
      const request = await makeRequest(subject, contents(2));
      const before = subject.asked();
      const [first, second] = await Promise.all([
        subject.signer.authorise(request),
        subject.signer.authorise(request),
      ]);
      const third = await subject.signer.authorise(request);
      assert.deepEqual([second.session, third.session], [first.session, first.session]);
      assert.equal(subject.asked() - before, 1);
      await subject.signer.cancel({ session: first.session, transactionId: request.transactionId });
      await subject.decide('refuse');
    },
  },
  {
    id: 'signer.refused',
    title: "tells the holder's no as refused, and the end of the time as expired",
    async run(subject) {
      if (!waitsFor(await firstCredential(subject))) {
        const request = await makeRequest(subject, contents(1));
        assert.equal(await outcomeOf(subject, { ...request, pin: 'wrong-pin-of-mine' }), 'refused');
        const { session } = await subject.signer.authorise(request);
        await subject.decide('expire');
        assert.equal((await subject.signer.sign({ ...request, session })).state, 'expired');
        return;
      }
      for (const [decision, state] of [
        ['refuse', 'refused'],
        ['expire', 'expired'],
      ] as const) {
        const request = await makeRequest(subject, contents(1));
        const { session } = await subject.signer.authorise(request);
        await subject.decide(decision);
        assert.equal((await subject.signer.sign({ ...request, session })).state, state);
        assert.equal((await subject.signer.status({ ...request, session })).state, state);
      }
    },
  },
  {
    id: 'signer.limit',
    title: 'refuses more hashes than one leave covers, without asking the holder',
    async run(subject) {
      const { maxHashes } = await firstCredential(subject);
      const request = await makeRequest(subject, contents(1));
      const before = subject.asked();
      const hashes = Array.from({ length: maxHashes + 1 }, () => request.hashes[0] as string);
      assert.equal(await outcomeOf(subject, { ...request, hashes, documents: hashes }), 'refused');
      assert.equal(subject.asked(), before);
    },
  },
  {
    id: 'signer.secrets',
    title: 'tells no PIN and no code in what it says of a failure',
    async run(subject) {
      const request = await makeRequest(subject, contents(1));
      const secrets = { pin: 'PIN-KIN-4711', otp: 'OTP-KIN-0815' };
      const unknown = { ...request, ...secrets, credentialId: 'khong-co-khoa-nay' };
      await assert.rejects(subject.signer.authorise(unknown), (error: ConnectorError) => {
        assert.ok(error instanceof ConnectorError, String(error));
        const told = `${error.message} ${error.vendorCode} ${error.stack} ${String(error.cause)}`;
        for (const secret of Object.values(secrets)) assert.ok(!told.includes(secret), told);
        return true;
      });
    },
  },
];
