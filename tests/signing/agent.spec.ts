import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { createFileWorkers, type FileWorkers } from '#hub/signing/file-workers.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { putAccount, putRoute } from '#hub/signing/route-store.ts';
import { showRequests } from '#hub/signing/show-request.ts';
import { judgeFile } from '#hub/signing/verify/judge-file.ts';
import { makeKey, publicKeyOf } from '#sandbox/authority/open-identity.ts';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import { signFile, type Token } from '#sandbox/usb-agent/sign-file.ts';
import type { AgentCall, SigningRequestInput } from '#schemas/signing.ts';
import { type RunningEdge, startEdge } from '#tests/http/start-edge.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, askQpdf, makeFolder } from '#tests/signature/pdf/outside.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

const leaderUid = 'CCCD:046080001234';

describe('A signature with a USB token', () => {
  let signing: SigningHub;
  let authority: RunningAuthority;
  let workers: FileWorkers;
  let edge: RunningEdge;
  let leaderToken: Token;
  let sealToken: Token;
  const folder = makeFolder();
  let nr = 0;

  const makeToken = async (order: Parameters<RunningAuthority['issue']>[0]): Promise<Token> => {
    const key = await makeKey();
    const certificate = await authority.issue({ publicKey: publicKeyOf(key), ...order });
    return { key, certificate, chain: [authority.issuing] };
  };
  before(async () => {
    [signing, authority] = await Promise.all([startSigning(), startAuthority()]);
    workers = createFileWorkers({ threads: 1 });
    const { hub, authority: openssl, leader, unitId } = signing;
    edge = await startEdge({ routes: hub.parts.flatMap(part => part.routes ?? []) });
    leaderToken = await makeToken({ subject: { C: 'VN', CN: 'Nguyễn Văn Bình', UID: leaderUid } });
    sealToken = await makeToken({ subject: { C: 'VN', CN: 'Ủy ban nhân dân tỉnh' }, purpose: 'seal' });
    await hub.call('signing.set-settings', {
      roots: [authority.root, openssl.root].map(der => der.toString('base64')),
      intermediates: [authority.issuing.toString('base64')],
      timeStampUrl: authority.timeStampUrl,
      actor: 'test',
    });
    await putRoute(hub.db, {
      ...{ id: 'usb', kind: 'agent', connector: null, priority: 10, enabled: true, rules: {} },
    });
    await putAccount(hub.db, 'usb', { staffId: leader }, `uid:${leaderUid}`);
    await putAccount(hub.db, 'usb', { unitId }, `serial:00${serialOf(sealToken)}`);
  });
  after(async () => {
    await edge.close();
    await workers.stop();
    await signing.stop();
    await authority.stop();
    folder.remove();
  });

  const ask = async (input: Partial<SigningRequestInput> = {}, file: Uint8Array = onePage()) => {
    const { id } = await receiveRequest(
      { ...signing.hub.context, workers },
      {
        input: {
          ...{ documentId: `VB-${++nr}`, title: 'Tờ trình', fileName: 'to-trinh.pdf' },
          steps: [{ signer: { staffId: signing.leader } }],
          ...input,
        },
        ...{ file, appId: 'document-system', actor: 'client/test' },
      },
    );
    return id;
  };
  const stepFor = async (staffId: string, requestId: string) =>
    (await signing.hub.call('signing.waiting', { staffId })).find(step => step.requestId === requestId)!;
  const show = async (id: string) =>
    (await showRequests(signing.hub.db, await findRequests(signing.hub.db, [id])))[0]!;
  const fileOf = async (id: string) =>
    readFile(signing.hub.db, (await findRequests(signing.hub.db, [id]))[0]!);
  const returned = (id: string) =>
    waitUntil('it is returned', async () => (await show(id)).state === 'returned', { withinMs: 15_000 });
  const here = (address: string) => address.replace('http://localhost', edge.origin);
  const callAgent = async (
    staffId: string,
    requestId: string,
    numbers?: { number: string; date: string },
  ) => {
    const { stepId } = await stepFor(staffId, requestId);
    const given = numbers === undefined ? {} : { numbers };
    return { stepId, call: await signing.hub.call('signing.call-agent', { staffId, stepId, ...given }) };
  };
  const fetchFile = ({ request }: AgentCall) => fetch(here(request.FileName!));
  const prepared = async (call: AgentCall) => Buffer.from(await (await fetchFile(call)).arrayBuffer());
  const bring = async ({ request }: AgentCall, file: Uint8Array, name = 'uploadfile') => {
    const form = new FormData();
    form.append('SessionId', '');
    form.append('other', new Blob(['x']), 'other.txt');
    form.append(name, new Blob([new Uint8Array(file)], { type: 'application/pdf' }), 'van-ban.pdf');
    const answer = await fetch(here(request.FileUploadHandler!), { method: 'POST', body: form });
    assert.equal(answer.status, 200);
    return (await answer.json()) as {
      Status: boolean;
      Message: string;
      Code?: string;
      DocumentNumber: string;
    };
  };
  const judge = async (file: Uint8Array) => judgeFile({ db: signing.hub.db, workers }, file);
  const cleanOf = async (id: string) => {
    const file = await fileOf(id);
    assert.ok(askPdfsig(folder.path, file).every(({ valid }) => valid));
    assert.equal(askQpdf(folder.path, file), '');
    return file;
  };

  it('is asked for by the decision, which decides nothing', async () => {
    const id = await ask();
    const step = await stepFor(signing.leader, id);
    assert.deepEqual(step.asks, ['token']);
    const given = { staffId: signing.leader, stepIds: [step.stepId], decision: 'approve' as const };
    const [outcome] = await signing.hub.call('signing.decide', given);
    assert.equal(outcome!.code, 'signing-token-needed');
    assert.equal((await show(id)).state, 'waiting');
  });

  it('is put after the prepared file, verified, and goes on to the app that asked', async () => {
    const id = await ask();
    const { stepId, call } = await callAgent(signing.leader, id);
    assert.equal(call.socket, 'ws://127.0.0.1:1/SignApproved');
    assert.deepEqual(Object.keys(call.request), ['FileUploadHandler', 'SessionId', 'JWTToken', 'FileName']);
    const file = await prepared(call);
    assert.ok(file.equals(await fileOf(id)));
    const answer = await bring(call, await signFile(file, leaderToken));
    assert.deepEqual([answer.Status, answer.Message], [true, 'Đã nhận tệp ký số.']);
    await returned(id);
    const [step] = (await show(id)).steps;
    assert.deepEqual([step!.state, step!.decidedBy, step!.level], ['verified', signing.leader, 'B-B']);
    assert.deepEqual(await signing.hub.call('signing.agent-outcome', { staffId: signing.leader, stepId }), {
      state: 'signed',
    });
    const { verdict, signatures } = await judge(await cleanOf(id));
    assert.deepEqual([verdict, signatures.length], ['valid', 1]);
  });

  it('gives the file once, takes one upload, and answers the same again when its answer was lost', async () => {
    const id = await ask();
    const { call } = await callAgent(signing.leader, id);
    const file = await prepared(call);
    assert.equal((await fetchFile(call)).status, 410);
    const [signed, another] = [await signFile(file, leaderToken), await signFile(file, leaderToken)];
    const both = await Promise.all([bring(call, signed), bring(call, signed)]);
    assert.ok(both.some(({ Status }) => Status));
    assert.equal((await bring(call, signed)).Status, true);
    assert.equal((await bring(call, Buffer.concat([another, Buffer.from('\n')]))).Code, 'signing-pass-spent');
    await returned(id);
    assert.equal((await judge(await fileOf(id))).signatures.length, 1);
  });

  it('is refused in the words of the agent; nothing changes, and the address still works', async () => {
    const id = await ask();
    const { stepId, call } = await callAgent(signing.leader, id);
    const file = await prepared(call);
    const good = Buffer.from(await signFile(file, leaderToken));
    const broken = Buffer.from(good);
    broken[200] = broken[200]! ^ 1;
    // The signature's value: the hash fits no more, the file stays readable.
    const wrongValue = Buffer.from(good);
    const contents = good.indexOf('/Contents <', file.length) + 1500;
    wrongValue[contents] = wrongValue[contents] === 0x30 ? 0x31 : 0x30;
    const other = await makeToken({ subject: { CN: 'Người khác', UID: 'CCCD:046080009999' } });
    const namesake = await makeToken({ subject: { CN: `x, UID=${leaderUid}`, UID: 'CCCD:1' } });
    const uid = { subject: { CN: 'Nguyễn Văn Bình', UID: leaderUid } };
    const expired = await makeToken({
      ...uid,
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2021-01-01T00:00:00Z'),
    });
    const stranger = await startAuthority();
    const key = await makeKey();
    const strange = { key, certificate: await stranger.issue({ publicKey: publicKeyOf(key), ...uid }) };
    await stranger.stop();
    const revoked = await makeToken(uid);
    authority.revoke(serialOf(revoked));
    const twice = await signFile(good, leaderToken);
    const end = good.subarray(good.lastIndexOf('startxref'));
    const huge = Buffer.concat([good, Buffer.alloc(5_000_000, 0x20), end]);
    for (const [code, upload] of [
      ['upload-of-other-file', await signFile(onePage({ pages: '/Other true' }), leaderToken)],
      ['upload-of-other-file', broken],
      ['upload-cut', good.subarray(0, good.length - 10)],
      ['upload-adds-nothing', file],
      ['upload-too-large', huge],
      ['upload-changes-document', await signFile(file, leaderToken, { stamp: 'Da sua' })],
      ['upload-two-signatures', twice],
      ['upload-signature-broken', wrongValue],
      ['upload-by-other-certificate', await signFile(file, other)],
      ['upload-by-other-certificate', await signFile(file, namesake)],
      ['upload-certificate-expired', await signFile(file, expired)],
      ['upload-certificate-untrusted', await signFile(file, { ...strange, chain: [stranger.issuing] })],
      ['upload-certificate-revoked', await signFile(file, revoked)],
    ] as const) {
      const answer = await bring(call, upload);
      assert.deepEqual([answer.Status, answer.Code], [false, code]);
      assert.match(answer.Message, /^Không nhận tệp đã ký: [^{]+\.$/);
      assert.deepEqual(await signing.hub.call('signing.agent-outcome', { staffId: signing.leader, stepId }), {
        state: 'waiting',
        problem: code,
      });
    }
    assert.equal((await bring(call, good, 'another')).Code, 'malformed-body');
    assert.equal((await show(id)).state, 'waiting');
    assert.ok((await fileOf(id)).equals(file));
    assert.equal((await bring(call, good)).Status, true);
    await returned(id);
  });

  it('is worth nothing at addresses that are made up, too old, made anew since, or of somebody who may not sign any more', async () => {
    const id = await ask();
    const { call: first } = await callAgent(signing.leader, id);
    const { stepId, call } = await callAgent(signing.leader, id);
    const file = await fileOf(id);
    const good = await signFile(file, leaderToken);
    assert.equal((await fetchFile(first)).status, 410);
    assert.equal((await bring(first, good)).Code, 'signing-pass-spent');
    const swapped = { ...call, request: { ...call.request } };
    const tokenIn = (address: string) => /[A-Za-z0-9_-]{43}/.exec(address)![0];
    const [fetchToken, bringToken] = [call.request.FileName!, call.request.FileUploadHandler!].map(tokenIn);
    swapped.request.FileName = call.request.FileName!.replace(fetchToken!, bringToken!);
    swapped.request.FileUploadHandler = call.request.FileUploadHandler!.replace(bringToken!, fetchToken!);
    assert.equal((await fetchFile(swapped)).status, 410);
    assert.equal((await bring(swapped, good)).Code, 'signing-pass-spent');
    await sql`update signing_agent_call set expires_at = now() - interval '1 second' where used_at is null`.execute(
      signing.hub.db,
    );
    assert.equal((await fetchFile(call)).status, 410);
    assert.equal((await bring(call, good)).Code, 'signing-pass-spent');
    const { call: fresh } = await callAgent(signing.leader, id);
    const refusal = {
      staffId: signing.leader,
      stepIds: [stepId],
      decision: 'refuse' as const,
      reason: 'Sai',
    };
    await signing.hub.call('signing.decide', refusal);
    assert.equal((await fetchFile(fresh)).status, 409);
    assert.equal((await bring(fresh, good)).Code, 'signing-step-not-waiting');
    await assert.rejects(
      callAgent(signing.leader, await ask({ steps: [{ signer: { staffId: signing.clerk } }] })),
    );
  });

  it('seals with the numbers that the clerk gave, filled in before, and the leader stays valid', async () => {
    const id = await ask({
      steps: [{ signer: { staffId: signing.leader } }, { signer: { unitId: signing.unitId }, numbers: true }],
      reserve: true,
    });
    const { call: first } = await callAgent(signing.leader, id);
    assert.equal((await bring(first, await signFile(await prepared(first), leaderToken))).Status, true);
    await waitUntil('it is the clerk’s turn', async () => (await stepFor(signing.clerk, id)) !== undefined, {
      withinMs: 15_000,
    });
    await assert.rejects(callAgent(signing.clerk, id), { code: 'signing-number-missing' });
    const numbers = { number: '15/QĐ-UBND', date: '2026-03-01' };
    const { call } = await callAgent(signing.clerk, id, numbers);
    assert.match(call.socket, /SignApproved$/);
    const file = await prepared(call);
    assert.ok(file.length > (await fileOf(id)).length, 'number and date are filled in');
    const answer = await bring(call, await signFile(file, sealToken));
    assert.deepEqual([answer.Status, answer.DocumentNumber], [true, '15/QĐ-UBND']);
    await returned(id);
    const { number, issuedOn } = await show(id);
    assert.deepEqual([number, issuedOn], ['15/QĐ-UBND', '2026-03-01']);
    const { verdict, signatures } = await judge(await cleanOf(id));
    assert.deepEqual([verdict, ...signatures.map(({ changes }) => changes)], ['valid', 'allowed', 'none']);
  });

  it('is told number and date where nothing was reserved for them, and may not write them into the page', async () => {
    const id = await ask({ steps: [{ signer: { unitId: signing.unitId }, numbers: true }] });
    const { call } = await callAgent(signing.clerk, id, { number: '16/QĐ-UBND', date: '2026-03-02' });
    assert.match(call.socket, /SignIssued$/);
    const { DocNumber, IssuedDate } = call.request;
    assert.deepEqual([DocNumber, IssuedDate], ['16/QĐ-UBND', '2026-03-02T00:00:00+07:00']);
    const file = await prepared(call);
    const stamped = await signFile(file, sealToken, { stamp: DocNumber! });
    assert.equal((await bring(call, stamped)).Code, 'upload-changes-document');
    assert.equal((await bring(call, await signFile(file, sealToken))).Status, true);
    await returned(id);
  });

  it('is made with the token of whoever decides, also for somebody else', async () => {
    const { hub, leader, clerk } = signing;
    const UID = 'CCCD:046080005678';
    const clerkToken = await makeToken({ subject: { C: 'VN', CN: 'Trần Thị Hoà', UID } });
    const day = today();
    await hub.call('signing.delegate', {
      ...{ staffId: leader, toStaffId: clerk, from: day, until: day, actor: 'test' },
    });
    const id = await ask();
    await assert.rejects(callAgent(clerk, id), { code: 'no-signing-key' });
    await putAccount(hub.db, 'usb', { staffId: clerk }, `uid:${UID}`);
    const { call } = await callAgent(clerk, id);
    const file = await prepared(call);
    const answer = await bring(call, await signFile(file, leaderToken));
    assert.equal(answer.Code, 'upload-by-other-certificate');
    assert.equal((await bring(call, await signFile(file, clerkToken))).Status, true);
    await returned(id);
    assert.equal((await show(id)).steps[0]!.decidedBy, clerk);
  });

  it('has the level that the agent gives, and is shown with no higher one', async () => {
    const plain = await ask({ steps: [{ signer: { staffId: signing.leader }, level: 'B-T' }] });
    assert.equal((await stepFor(signing.leader, plain)).level, 'B-T');
    const { call } = await callAgent(signing.leader, plain);
    assert.equal((await bring(call, await signFile(await prepared(call), leaderToken))).Status, true);
    await returned(plain);
    assert.equal((await show(plain)).steps[0]!.level, 'B-B');
    const kept = await ask({ steps: [{ signer: { staffId: signing.leader }, level: 'B-LTA' }] });
    const { call: next } = await callAgent(signing.leader, kept);
    assert.equal((await bring(next, await signFile(await prepared(next), leaderToken))).Status, true);
    await returned(kept);
    assert.equal((await show(kept)).steps[0]!.level, 'B-LTA');
    const { verdict, signatures } = await judge(await fileOf(kept));
    assert.equal(verdict, 'valid');
    assert.ok(signatures[0]!.provenAt);
  });

  it('is a route like the others, whose accounts name a certificate and nothing else', async () => {
    const put = (path: string, body: object) =>
      fetch(`${edge.origin}/api/v1/signing/routes/${path}`, {
        method: 'PUT',
        headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const route = await put('usb-2', { kind: 'agent', priority: 11, enabled: false });
    assert.equal(((await route.json()) as { kind: string }).kind, 'agent');
    const holder = { unitId: signing.unitId };
    const statuses = await Promise.all(
      ['046080001234', 'serial:xyz', 'uid:', 'uid:CCCD:1', 'serial:0A1B'].map(
        async userId => (await put('usb-2/accounts', { holder, userId })).status,
      ),
    );
    assert.deepEqual(statuses, [400, 400, 400, 200, 200]);
  });

  it('is asked of PDF files only: for others the next route is taken', async () => {
    const id = await ask({ fileName: 'a.xml' }, Buffer.from('<a>1</a>'));
    assert.deepEqual((await stepFor(signing.leader, id)).asks, ['pin']);
  });

  it('has addresses that are kept as hashes only, and stand in no log', async () => {
    const { call } = await callAgent(signing.leader, await ask());
    await prepared(call);
    const tokens = Object.values(call.request).flatMap(text => /[A-Za-z0-9_-]{43}/.exec(text)?.[0] ?? []);
    assert.equal(tokens.length, 2);
    const { rows } = await sql<{ text: string }>`select c::text as text from signing_agent_call c`.execute(
      signing.hub.db,
    );
    const texts = [...edge.lines, ...rows.map(({ text }) => text)];
    assert.ok(edge.lines.length > 0 && rows.length > 0);
    assert.ok(texts.every(text => tokens.every(token => !text.includes(token))));
  });
});

/** As `X509Certificate` has it. */
const serialOf = ({ certificate }: Token): string => new X509Certificate(certificate).serialNumber;
