import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSigningWith } from '#hub/signing/signing.service.ts';
import { judgeFile } from '#hub/signing/verify/judge-file.ts';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import { completeSignature } from '#signature/pdf/complete-signature.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { readTimeStamp } from '#signature/time-stamp/read-time-stamp.ts';
import { type KeyEdge, startKeyEdge } from '#tests/key-service/start-key-edge.ts';
import { otp, pin } from '#tests/key-service/start-key-service.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, makeFolder } from '#tests/signature/pdf/outside.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';

const signAlgo = '1.2.840.10045.4.3.2';
const sha256 = '2.16.840.1.101.3.4.2.1';
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe('Whole documents by the CSC API', () => {
  const folder = makeFolder();
  let authority: RunningAuthority;
  let service: KeyEdge;
  let staffId: string;
  let credentialID: string;

  before(async () => {
    authority = await startAuthority();
    service = await startKeyEdge({ signing: createSigningWith(sharedWorkers) });
    const { hub } = service;
    await hub.call('signing.set-settings', {
      timeStampUrl: authority.timeStampUrl,
      roots: [base64(authority.root)],
      intermediates: [base64(authority.issuing)],
      actor: 'test',
    });
    staffId = randomUUID();
    const subject = { CN: 'Lê Thị Đào', C: 'VN' };
    const given = { staffId, subject, algorithm: 'ec-p256' as const, pin, actor: 'test' };
    const made = await hub.call('key-service.create', given);
    credentialID = made.credentialId;
    const certificate = await authority.issue({
      request: Buffer.from(made.request, 'base64'),
      purpose: 'person',
    });
    await hub.call('key-service.install', {
      credentialId: credentialID,
      certificate: base64(certificate),
      chain: [base64(authority.issuing)],
      actor: 'test',
    });
  });
  after(async () => {
    await service?.stop();
    await authority?.stop();
    folder.remove();
  });

  const csc = (method: string, body: object, token = staffId) =>
    service.ask('POST', `/csc/v2/${method}`, token, body);
  const leaveFor = async (hashes: string[]): Promise<string> => {
    const { json } = await csc('credentials/authorize', {
      ...{ credentialID, numSignatures: hashes.length, hashes, hashAlgorithmOID: sha256, PIN: pin, OTP: otp },
    });
    return json.SAD;
  };
  const signDoc = async (file: Uint8Array, how: object, more: object = {}) =>
    csc('signatures/signDoc', {
      ...{ credentialID, SAD: await leaveFor([hashOf(file)]) },
      documents: [{ document: base64(file), signAlgo, ...how }],
      ...more,
    });
  const judge = (file: Uint8Array, beside?: Uint8Array) =>
    judgeFile({ db: service.hub.db, workers: sharedWorkers }, file, beside);
  const fault = (mode: string) =>
    fetch(`${authority.origin}/_faults`, { method: 'POST', body: JSON.stringify({ mode, path: '/tsa' }) });

  it('are offered as they are set up: formats, envelopes and levels', async () => {
    const { json } = await csc('info', {}, 'stranger');
    assert.ok(['signatures/signDoc', 'signatures/timestamp'].every(name => json.methods.includes(name)));
    assert.deepEqual(json.signature_formats, {
      formats: ['P', 'C', 'X'],
      envelope_properties: [['Certification', 'Revision'], ['Attached', 'Detached'], ['Enveloped']],
    });
    assert.deepEqual(json.conformance_levels, ['Ades-B-B', 'Ades-B-T', 'Ades-B-LT', 'Ades-B-LTA']);
    assert.deepEqual([json.validationInfo, json.asynchronousOperationMode], [true, false]);
  });

  for (const level of ['B-B', 'B-T', 'B-LT', 'B-LTA'])
    it(`are PDFs with a signature of the level that was asked for, to others and to the hub (${level})`, async () => {
      const how = {
        signature_format: 'P',
        conformance_level: `AdES-${level}`,
        signed_envelope_property: 'Revision',
      };
      const { status, json } = await signDoc(onePage(), how);
      assert.equal(status, 200, JSON.stringify(json));
      const signed = Buffer.from(json.DocumentWithSignature[0], 'base64');
      assert.ok(signed.subarray(0, onePage().length).equals(Buffer.from(onePage())));
      assert.equal(askPdfsig(folder.path, signed)[0]!.valid, true);
      const { verdict, signatures } = await judge(signed);
      assert.deepEqual([verdict, signatures[0]!.level, signatures[0]!.trusted], ['valid', level, true]);
    });

  it('are certified unless a revision is asked for, and only as long as nobody signed them', async () => {
    const how = { signature_format: 'P', conformance_level: 'Ades-B-LT' };
    const { json } = await signDoc(onePage(), how);
    const certified = Buffer.from(json.DocumentWithSignature[0], 'base64');
    assert.match(certified.toString('latin1'), /\/TransformMethod ?\/DocMDP/);
    assert.equal(askPdfsig(folder.path, certified)[0]!.valid, true);
    assert.equal((await judge(certified)).verdict, 'valid');
    const again = await signDoc(certified, how);
    assert.deepEqual([again.status, again.json.error], [400, 'invalid_request']);
    const revision = { ...how, signed_envelope_property: 'Revision' };
    const signed = await signDoc(onePage(), revision);
    const twice = await signDoc(Buffer.from(signed.json.DocumentWithSignature[0], 'base64'), revision);
    const file = Buffer.from(twice.json.DocumentWithSignature[0], 'base64');
    assert.deepEqual(
      askPdfsig(folder.path, file).map(({ valid }) => valid),
      [true, true],
    );
    assert.equal((await judge(file)).verdict, 'valid');
  });

  it('may be XML, or anything else with its signature around or beside it', async () => {
    const xml = Buffer.from('<vanBan><so>12</so></vanBan>');
    const signedXml = await signDoc(xml, { signature_format: 'X', conformance_level: 'Ades-B-T' });
    const judged = await judge(Buffer.from(signedXml.json.DocumentWithSignature[0], 'base64'));
    assert.deepEqual([judged.verdict, judged.signatures[0]!.level], ['valid', 'B-T']);

    const text = Buffer.from('số liệu bất kỳ');
    const alone = await signDoc(text, {
      ...{ signature_format: 'C', conformance_level: 'Ades-B-T', signed_envelope_property: 'Detached' },
    });
    assert.equal(alone.json.DocumentWithSignature, undefined);
    const beside = await judge(text, Buffer.from(alone.json.SignatureObject[0], 'base64'));
    assert.deepEqual([beside.verdict, beside.signatures[0]!.level], ['valid', 'B-T']);

    const around = await signDoc(text, { signature_format: 'C' });
    const [cms, roots, content] = ['around.p7m', 'roots.pem', 'content'].map(name =>
      join(folder.path, name),
    ) as [string, string, string];
    writeFileSync(cms, Buffer.from(around.json.DocumentWithSignature[0], 'base64'));
    const pem = [authority.root, authority.issuing].map(
      der => `-----BEGIN CERTIFICATE-----\n${base64(der)}\n-----END CERTIFICATE-----\n`,
    );
    writeFileSync(roots, pem.join(''));
    const read = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', cms, '-out', content];
    execFileSync('openssl', [...read, '-CAfile', roots, '-purpose', 'any'], { stdio: 'pipe' });
    assert.ok(execFileSync('cat', [content]).equals(text));
  });

  it('need not be sent: a PDF keeps its place and takes the signature of its digest', async () => {
    const { digest, ...place } = await prepareSignature(onePage(), { signedAt: new Date() });
    const hash = base64(digest);
    const other = hashOf(Buffer.from('tệp khác'));
    const how = { signAlgo, hashAlgorithmOID: sha256 };
    const { status, json } = await csc('signatures/signDoc', {
      ...{ credentialID, SAD: await leaveFor([hash, other]) },
      documentDigests: [
        { ...how, hashes: [hash], signature_format: 'P', conformance_level: 'Ades-B-LT' },
        { ...how, hashes: [other], signature_format: 'C' },
      ],
      returnValidationInfo: true,
    });
    assert.equal(status, 200, JSON.stringify(json));
    assert.equal(json.DocumentWithSignature, undefined);
    const [forPdf, forOther] = json.SignatureObject.map((text: string) => Buffer.from(text, 'base64'));
    const signed = Buffer.concat([onePage(), completeSignature(place, forPdf)]);
    assert.equal(askPdfsig(folder.path, signed)[0]!.valid, true);
    const { verdict, signatures } = await judge(signed);
    assert.deepEqual([verdict, signatures[0]!.level], ['valid', 'B-T']);
    assert.equal((await judge(Buffer.from('tệp khác'), forOther)).verdict, 'valid');
    const { ocsp, crl, certificates } = json.validationInfo;
    assert.ok(ocsp.length + crl.length > 0 && certificates.length > 1);
    assert.equal(new Set(certificates).size, certificates.length);
  });

  it('are those that leave was given for, in their order, and once', async () => {
    const [one, two] = [onePage(), onePage({ page: '/MediaBox [0 0 300 300]' })];
    const SAD = await leaveFor([hashOf(one), hashOf(two)]);
    const ask = (files: Uint8Array[], more: object = {}, token = staffId) =>
      csc(
        'signatures/signDoc',
        {
          ...{ credentialID, SAD },
          documents: files.map(file => ({ document: base64(file), signAlgo, signature_format: 'P' })),
          ...more,
        },
        token,
      );
    for (const answer of [
      await ask([two, one]),
      await ask([one]),
      await ask([one, Buffer.from('%PDF-1.7 khác')]),
      await ask([one, two], { SAD: 'made-up' }),
      await ask([one, two], {}, randomUUID()),
      await ask([one, two], { operationMode: 'A' }),
      await ask([one, two], { documents: undefined }),
    ])
      assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_request']);
    const [first, second] = await Promise.all([ask([one, two]), ask([one, two])]);
    assert.deepEqual([first.status, second.status].sort(), [200, 400], 'of two at once one is answered');
    const again = await ask([one, two]);
    assert.match(again.json.error_description, /SAD: it was used already/);
    const asHash = { credentialID, SAD, hashes: [hashOf(one), hashOf(two)], signAlgo };
    assert.equal((await csc('signatures/signHash', asHash)).status, 400);
  });

  it('are refused for what is not offered, before the key is used', async () => {
    for (const [how, more] of [
      [{ signature_format: 'J' }, {}],
      [{ signature_format: 'X', conformance_level: 'Ades-B-LT' }, {}],
      [{ signature_format: 'C', signed_envelope_property: 'Parallel' }, {}],
      [{ signature_format: 'P', signed_props: [{ attribute_name: 'x' }] }, {}],
      [{ signature_format: 'P', signAlgo: '1.2.840.113549.1.1.11' }, {}],
      [{ signature_format: 'X' }, {}],
      [{ signature_format: 'P', document: 'không phải base64' }, {}],
    ] as const) {
      const { status, json } = await signDoc(Buffer.from('<a></b>'), how, more);
      assert.deepEqual([status, json.error], [400, 'invalid_request'], JSON.stringify(how));
      assert.ok(json.error_description.length > 10);
    }
    const large = Buffer.alloc(20 * 1024 * 1024 + 1, 'a');
    const { status, json } = await signDoc(large, { signature_format: 'C' });
    assert.equal(status, 400);
    assert.match(json.error_description, /more than 20 MB/);
  });

  it('are not taken with what the database cannot keep', async () => {
    for (const text of ['a\0', '\ud800']) {
      const { status, json } = await signDoc(onePage(), { signature_format: 'P' }, { clientData: text });
      assert.deepEqual([status, json.error], [400, 'invalid_request']);
      assert.match(json.error_description, /NUL/);
    }
  });

  it('are not lowered in level while the time-stamp authority is down', async () => {
    await fault('down');
    try {
      const { status, json } = await signDoc(onePage(), {
        ...{ signature_format: 'P', conformance_level: 'Ades-B-T' },
      });
      assert.deepEqual([status, json.error], [503, 'temporarily_unavailable']);
    } finally {
      await fault('ok');
    }
  });

  it('time-stamps are of the hash and carry the number that was given', async () => {
    const bytes = Buffer.from('một tệp');
    const hash = hashOf(bytes);
    const { json } = await csc('signatures/timestamp', { hash, hashAlgo: sha256, nonce: '00F1c2' });
    const stamp = readTimeStamp(Buffer.from(json.timestamp, 'base64'));
    assert.equal(stamp.imprint.toString('base64'), hash);
    assert.equal(BigInt(`0x${stamp.nonce}`), 0xf1c2n);
    for (const more of [{ hashAlgo: '1.3.14.3.2.26' }, { hash: 'bm90' }, { nonce: 'không' }]) {
      const { status, json: told } = await csc('signatures/timestamp', { hash, hashAlgo: sha256, ...more });
      assert.deepEqual([status, told.error], [400, 'invalid_request'], JSON.stringify(more));
    }
  });
});
