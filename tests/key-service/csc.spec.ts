import assert from 'node:assert/strict';
import { randomUUID, verify } from 'node:crypto';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import { type KeyEdge, startKeyEdge } from '#tests/key-service/start-key-edge.ts';
import { hashOf, otp, pin } from '#tests/key-service/start-key-service.ts';

const sha256 = '2.16.840.1.101.3.4.2.1';
const ecdsa = '1.2.840.10045.4.3.2';

describe('The key service by the CSC API', () => {
  let service: KeyEdge;
  before(async () => {
    service = await startKeyEdge();
  });
  after(() => service.stop());

  const csc = (method: string, token: string, body: object = {}) =>
    service.ask('POST', `/csc/v2/${method}`, token, body);
  const authData = [
    { id: 'PIN', value: pin },
    { id: 'OTP', value: otp },
  ];

  it('tells without a token what it offers, and answers honestly for the rest', async () => {
    const { status, json } = await csc('info', 'stranger');
    assert.equal(status, 200);
    assert.deepEqual(json.methods.toSorted(), [
      'credentials/authorize',
      'credentials/info',
      'credentials/list',
      'signatures/signDoc',
      'signatures/signHash',
    ]);
    assert.deepEqual(json.conformance_levels, ['Ades-B-B'], 'no time-stamp authority is set up');
    const stamp = { hash: hashOf('a'), hashAlgo: sha256 };
    for (const [method, body] of [
      ['signatures/signPolling', {}],
      ['signatures/timestamp', stamp],
    ] as const) {
      const answer = await csc(method, 'program', body);
      assert.deepEqual([answer.status, answer.json.error], [501, 'unsupported_operation'], method);
    }
    for (const method of json.methods) assert.equal((await csc(method, 'stranger')).status, 401, method);
  });

  it("lists a person's keys page by page and shows them, with the person's token and for a program", async () => {
    const { credentialId, staffId, certificate } = await service.make('rsa-2048');
    const second = await service.make('ec-p256', staffId);
    const all = await csc('credentials/list', staffId);
    assert.deepEqual(all.json.credentialIDs.toSorted(), [credentialId, second.credentialId].toSorted());
    const one = await csc('credentials/list', 'program', { userID: staffId, maxResults: 1 });
    assert.equal(one.json.credentialIDs.length, 1);
    const next = await csc('credentials/list', 'program', {
      userID: staffId,
      maxResults: 1,
      pageToken: one.json.nextPageToken,
    });
    assert.deepEqual(
      [...one.json.credentialIDs, ...next.json.credentialIDs].toSorted(),
      all.json.credentialIDs.toSorted(),
    );
    assert.equal(next.json.nextPageToken, undefined);

    const asked = { credentialID: credentialId, certificates: 'chain', certInfo: true, authInfo: true };
    const { json } = await csc('credentials/info', staffId, asked);
    assert.deepEqual(json.cert.certificates, [certificate.raw.toString('base64')]);
    assert.equal(json.cert.subjectDN, 'CN=Lê Thị Đào, O=Sở Tài chính, C=VN');
    assert.match(json.cert.validTo, /^\d{14}Z$/);
    assert.deepEqual(
      [json.key.status, json.key.len, json.cert.status, json.SCAL, json.multisign],
      ['enabled', 2048, 'valid', '2', 1000],
    );
    assert.deepEqual([json.auth.expression, json.PIN.presence], ['PIN AND OTP', 'true']);
    const listed = await csc('credentials/list', staffId, { ...asked, credentialInfo: true });
    assert.deepEqual(
      listed.json.credentialInfos.find(
        (info: { credentialID: string }) => info.credentialID === credentialId,
      ),
      { credentialID: credentialId, ...json },
    );
    assert.equal((await csc('credentials/list', 'program')).json.error, 'invalid_request');
    assert.equal((await csc('credentials/list', staffId, { userID: randomUUID() })).status, 400);
    assert.equal((await csc('credentials/info', randomUUID(), asked)).json.error, 'invalid_request');
  });

  for (const [version, names] of [
    ['2', { hashes: 'hashes', algorithm: 'hashAlgorithmOID', secrets: { authData } }],
    ['1', { hashes: 'hash', algorithm: 'hashAlgo', secrets: { PIN: pin, OTP: otp } }],
  ] as const)
    it(`signs exactly what was authorised, with the names of version ${version}`, async () => {
      const { credentialId: credentialID, staffId, certificate } = await service.make();
      const texts = ['một', 'hai'];
      const hashes = { [names.hashes]: texts.map(hashOf), [names.algorithm]: sha256 };
      const leave = await csc('credentials/authorize', staffId, {
        ...{ credentialID, numSignatures: 2, ...hashes, ...names.secrets },
      });
      assert.equal(leave.status, 200, JSON.stringify(leave.json));
      assert.ok(leave.json.expiresIn > 290 && leave.json.expiresIn <= 300);
      const { SAD } = leave.json;
      const sign = (token: string, more: object = {}) =>
        csc('signatures/signHash', token, { credentialID, SAD, ...hashes, signAlgo: ecdsa, ...more });
      for (const more of [
        { [names.hashes]: [hashOf('ba'), hashOf('hai')] },
        { SAD: 'made-up' },
        { signAlgo: '1.2.840.113549.1.1.11' },
        { operationMode: 'A' },
        { [names.algorithm]: '1.3.14.3.2.26' },
        { [names.hashes]: ['bm90IGEgaGFzaA=='] },
      ]) {
        const { status, json } = await sign(staffId, more);
        assert.deepEqual([status, json.error], [400, 'invalid_request'], JSON.stringify(more));
      }
      assert.equal((await sign(randomUUID())).status, 400);
      const { json } = await sign(staffId);
      for (const [at, text] of texts.entries())
        assert.ok(
          verify(
            'sha256',
            Buffer.from(text),
            certificate.publicKey,
            Buffer.from(json.signatures[at], 'base64'),
          ),
        );
    });

  it('says in the words of each version that PIN or code is wrong', async () => {
    const { credentialId: credentialID, staffId } = await service.make();
    const given = { credentialID, numSignatures: 1, hashes: [hashOf('a')] };
    const ask = async (more: object) => {
      const { status, json } = await csc('credentials/authorize', staffId, { ...given, ...more });
      assert.equal(status, 400);
      assert.ok(json.error_description.length > 0);
      return json.error;
    };
    assert.equal(await ask({ PIN: '000000', OTP: otp }), 'invalid_pin');
    assert.equal(await ask({ PIN: pin, OTP: '000000' }), 'invalid_otp');
    assert.equal(await ask({ authData: [{ id: 'PIN', value: '000000' }] }), 'invalid_authentication_data');
    assert.equal(await ask({ numSignatures: 2, authData }), 'invalid_request');
    assert.equal(await ask({ hashes: undefined, authData }), 'invalid_request');
  });

  it('asks for a token that may sign', async () => {
    const { status, json } = await csc('credentials/list', 'nothing', { userID: randomUUID() });
    assert.deepEqual([status, json.error], [403, 'insufficient_scope']);
    assert.equal((await csc('credentials/list', 'stranger')).json.error, 'invalid_token');
  });

  it("serves the hub's own connector for such services", async () => {
    const { staffId, certificate } = await service.make('rsa-2048');
    const { instance } = await loadConnector('csc-signer', {
      baseUrl: `${service.edge.origin}/csc/v2`,
      auth: 'bearer',
      token: 'any-program',
      testUser: staffId,
    });
    const context = { signal: AbortSignal.timeout(20_000) };
    await instance.ping(context);
    const { signer } = instance.ports;
    const [key] = await signer!.certificates({ userId: staffId }, context);
    assert.deepEqual([key!.status, key!.asks], ['active', ['pin', 'otp']]);
    const request = {
      credentialId: key!.id,
      userId: staffId,
      transactionId: randomUUID(),
      title: 'Hai văn bản',
      hashes: [hashOf('x'), hashOf('y')],
      documents: ['x.pdf', 'y.pdf'],
    };
    const { session } = await signer!.authorise({ ...request, pin, otp }, context);
    const answer = await signer!.sign({ ...request, session }, context);
    assert.ok(answer.state === 'signed');
    assert.ok(
      verify('sha256', Buffer.from('y'), certificate.publicKey, Buffer.from(answer.signatures[1]!, 'base64')),
    );
    await instance.close?.();
  });
});
