import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { putAccount, putRoute } from '#hub/signing/route-store.ts';
import { createHeldKeys } from '#hub/signing/signers/held-keys.ts';
import { lookAgain } from '#hub/signing/tickets/look-again.ts';
import { findTicket } from '#hub/signing/tickets/ticket-store.ts';
import { signFile } from '#sandbox/usb-agent/sign-file.ts';
import { askPdfsig, askQpdf, makeFolder } from '#tests/signature/pdf/outside.ts';
import { leaderUid, startTokens, type Tokens } from '#tests/signing/start-tokens.ts';

describe('A signature with a USB token', () => {
  let tokens: Tokens;
  const folder = makeFolder();
  before(async () => {
    tokens = await startTokens();
  });
  after(async () => {
    await tokens.stop();
    folder.remove();
  });
  const cleanOf = async (id: string) => {
    const file = await tokens.fileOf(id);
    assert.ok(askPdfsig(folder.path, file).every(({ valid }) => valid));
    assert.equal(askQpdf(folder.path, file), '');
    return file;
  };

  it('is asked for by the decision, which decides nothing', async () => {
    const id = await tokens.ask();
    const step = await tokens.stepFor(tokens.signing.leader, id);
    assert.deepEqual(step.asks, ['token']);
    const given = { staffId: tokens.signing.leader, stepIds: [step.stepId], decision: 'approve' as const };
    const [outcome] = await tokens.signing.hub.call('signing.decide', given);
    assert.equal(outcome!.code, 'signing-token-needed');
    assert.equal((await tokens.show(id)).state, 'waiting');
  });

  it('is put after the prepared file, verified, and goes on to the app that asked', async () => {
    const id = await tokens.ask();
    const { stepId, call } = await tokens.callAgent(tokens.signing.leader, id);
    assert.equal(call.socket, 'ws://127.0.0.1:1/SignApproved');
    assert.deepEqual(Object.keys(call.request), ['FileUploadHandler', 'SessionId', 'JWTToken', 'FileName']);
    const file = await tokens.prepared(call);
    assert.ok(file.equals(await tokens.fileOf(id)));
    const answer = await tokens.bring(call, await signFile(file, tokens.leaderToken));
    assert.deepEqual([answer.Status, answer.Message], [true, 'Đã nhận tệp ký số.']);
    await tokens.returned(id);
    const [step] = (await tokens.show(id)).steps;
    assert.deepEqual([step!.state, step!.decidedBy, step!.level], ['verified', tokens.signing.leader, 'B-B']);
    assert.deepEqual(
      await tokens.signing.hub.call('signing.agent-outcome', { staffId: tokens.signing.leader, stepId }),
      {
        state: 'signed',
      },
    );
    const { verdict, signatures } = await tokens.judge(await cleanOf(id));
    assert.deepEqual([verdict, signatures.length], ['valid', 1]);
  });

  it('gives the file once, takes one upload, and answers the same again when its answer was lost', async () => {
    const id = await tokens.ask();
    const { call } = await tokens.callAgent(tokens.signing.leader, id);
    const file = await tokens.prepared(call);
    assert.equal((await tokens.fetchFile(call)).status, 410);
    const [signed, another] = [
      await signFile(file, tokens.leaderToken),
      await signFile(file, tokens.leaderToken),
    ];
    const both = await Promise.all([tokens.bring(call, signed), tokens.bring(call, signed)]);
    assert.ok(both.some(({ Status }) => Status));
    assert.equal((await tokens.bring(call, signed)).Status, true);
    assert.equal(
      (await tokens.bring(call, Buffer.concat([another, Buffer.from('\n')]))).Code,
      'signing-pass-spent',
    );
    await tokens.returned(id);
    assert.equal((await tokens.judge(await tokens.fileOf(id))).signatures.length, 1);
  });

  it('seals with the numbers that the clerk gave, filled in before, and the leader stays valid', async () => {
    const id = await tokens.ask({
      steps: [
        { signer: { staffId: tokens.signing.leader } },
        { signer: { unitId: tokens.signing.unitId }, numbers: true },
      ],
      reserve: true,
    });
    const { call: first } = await tokens.callAgent(tokens.signing.leader, id);
    assert.equal(
      (await tokens.bring(first, await signFile(await tokens.prepared(first), tokens.leaderToken))).Status,
      true,
    );
    await waitUntil(
      'it is the clerk’s turn',
      async () => (await tokens.stepFor(tokens.signing.clerk, id)) !== undefined,
      {
        withinMs: 15_000,
      },
    );
    await assert.rejects(tokens.callAgent(tokens.signing.clerk, id), { code: 'signing-number-missing' });
    const numbers = { number: '15/QĐ-UBND', date: '2026-03-01' };
    const { call } = await tokens.callAgent(tokens.signing.clerk, id, numbers);
    assert.match(call.socket, /SignApproved$/);
    const file = await tokens.prepared(call);
    assert.ok(file.length > (await tokens.fileOf(id)).length, 'number and date are filled in');
    const answer = await tokens.bring(call, await signFile(file, tokens.sealToken));
    assert.deepEqual([answer.Status, answer.DocumentNumber], [true, '15/QĐ-UBND']);
    await tokens.returned(id);
    const { number, issuedOn } = await tokens.show(id);
    assert.deepEqual([number, issuedOn], ['15/QĐ-UBND', '2026-03-01']);
    const { verdict, signatures } = await tokens.judge(await cleanOf(id));
    assert.deepEqual([verdict, ...signatures.map(({ changes }) => changes)], ['valid', 'allowed', 'none']);
  });

  it('is told number and date where nothing was reserved for them, and may not write them into the page', async () => {
    const id = await tokens.ask({ steps: [{ signer: { unitId: tokens.signing.unitId }, numbers: true }] });
    const { call } = await tokens.callAgent(tokens.signing.clerk, id, {
      number: '16/QĐ-UBND',
      date: '2026-03-02',
    });
    assert.match(call.socket, /SignIssued$/);
    const { DocNumber, IssuedDate } = call.request;
    assert.deepEqual([DocNumber, IssuedDate], ['16/QĐ-UBND', '2026-03-02T00:00:00+07:00']);
    const file = await tokens.prepared(call);
    const stamped = await signFile(file, tokens.sealToken, { stamp: DocNumber! });
    assert.equal((await tokens.bring(call, stamped)).Code, 'upload-changes-document');
    assert.equal((await tokens.bring(call, await signFile(file, tokens.sealToken))).Status, true);
    await tokens.returned(id);
  });

  it('is made with the token of whoever decides, also for somebody else', async () => {
    const { hub, leader, clerk } = tokens.signing;
    const UID = 'CCCD:046080005678';
    const clerkToken = await tokens.makeToken({ subject: { C: 'VN', CN: 'Trần Thị Hoà', UID } });
    const day = today();
    await hub.call('signing.delegate', {
      ...{ staffId: leader, toStaffId: clerk, from: day, until: day, actor: 'test' },
      limits: { perDay: 1 },
    });
    const id = await tokens.ask();
    await assert.rejects(tokens.callAgent(clerk, id), { code: 'no-signing-key' });
    await putAccount(hub.db, 'usb', { staffId: clerk }, `uid:${UID}`);
    const second = await tokens.ask();
    const { call: late } = await tokens.callAgent(clerk, second);
    const { call } = await tokens.callAgent(clerk, id);
    const file = await tokens.prepared(call);
    const answer = await tokens.bring(call, await signFile(file, tokens.leaderToken));
    assert.equal(answer.Code, 'upload-by-other-certificate');
    assert.equal((await tokens.bring(call, await signFile(file, clerkToken))).Status, true);
    await tokens.returned(id);
    assert.equal((await tokens.show(id)).steps[0]!.decidedBy, clerk);
    const refused = await tokens.bring(late, await signFile(file, clerkToken));
    assert.equal(refused.Code, 'delegation-limit-reached');
  });

  it('has the level that the agent gives, and is shown with no higher one', async () => {
    const plain = await tokens.ask({ steps: [{ signer: { staffId: tokens.signing.leader }, level: 'B-T' }] });
    assert.equal((await tokens.stepFor(tokens.signing.leader, plain)).level, 'B-T');
    const { call } = await tokens.callAgent(tokens.signing.leader, plain);
    assert.equal(
      (await tokens.bring(call, await signFile(await tokens.prepared(call), tokens.leaderToken))).Status,
      true,
    );
    await tokens.returned(plain);
    assert.equal((await tokens.show(plain)).steps[0]!.level, 'B-B');
    const kept = await tokens.ask({
      steps: [{ signer: { staffId: tokens.signing.leader }, level: 'B-LTA' }],
    });
    const { call: next } = await tokens.callAgent(tokens.signing.leader, kept);
    assert.equal(
      (await tokens.bring(next, await signFile(await tokens.prepared(next), tokens.leaderToken))).Status,
      true,
    );
    await tokens.returned(kept);
    assert.equal((await tokens.show(kept)).steps[0]!.level, 'B-LTA');
    const { verdict, signatures } = await tokens.judge(await tokens.fileOf(kept));
    assert.equal(verdict, 'valid');
    assert.ok(signatures[0]!.provenAt);
  });

  it('is a route like the others, whose accounts name a certificate and nothing else', async () => {
    const put = (path: string, body: object) =>
      fetch(`${tokens.edge.origin}/api/v1/signing/routes/${path}`, {
        method: 'PUT',
        headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const route = await put('usb-2', { kind: 'agent', priority: 11, enabled: false });
    assert.equal(((await route.json()) as { kind: string }).kind, 'agent');
    const holder = { unitId: tokens.signing.unitId };
    const statuses = await Promise.all(
      ['046080001234', 'serial:xyz', 'uid:', 'uid:CCCD:1', 'serial:0A1B'].map(
        async userId => (await put('usb-2/accounts', { holder, userId })).status,
      ),
    );
    assert.deepEqual(statuses, [400, 400, 400, 200, 200]);
  });

  it('comes from another token by the person’s word only, until they say that theirs is well again', async () => {
    const { hub, leader } = tokens.signing;
    await putRoute(hub.db, {
      ...{ id: 'usb-2', name: null, kind: 'agent', connector: null, priority: 20, enabled: true, rules: {} },
    });
    await putAccount(hub.db, 'usb-2', { staffId: leader }, `uid:${leaderUid}`);
    const { ticketId } = await hub.call('signing.report-broken', { staffId: leader, service: 'usb' });
    const id = await tokens.ask();
    await assert.rejects(tokens.callAgent(leader, id), { code: 'signing-consent-needed' });
    const { call } = await tokens.callAgent(leader, id, undefined, [{ instead: 'usb', to: 'usb-2' }]);
    const file = await tokens.prepared(call);
    assert.equal((await tokens.bring(call, await signFile(file, tokens.leaderToken))).Status, true);
    await tokens.returned(id);

    const waits = async () => tokens.stepFor(leader, next);
    const next = await tokens.ask();
    assert.equal((await waits()).detour?.agreed, true);
    const ticket = (await findTicket(hub.db, ticketId))!;
    const keys = createHeldKeys(hub.context);
    assert.equal(await lookAgain({ ...hub.context, keys }, ticket), false, 'nobody can see it but they');
    assert.deepEqual(await hub.call('signing.look-again', { staffId: leader, ticketId }), { closed: true });
    assert.equal((await findTicket(hub.db, ticketId))!.closedBy, `staff/${leader}`);
    assert.equal((await waits()).detour, undefined);
    assert.equal((await tokens.callAgent(leader, next)).call.socket, 'ws://127.0.0.1:1/SignApproved');
  });

  it('is asked of PDF files only: for others the next route is taken', async () => {
    const id = await tokens.ask({ fileName: 'a.xml' }, Buffer.from('<a>1</a>'));
    assert.deepEqual((await tokens.stepFor(tokens.signing.leader, id)).asks, ['pin']);
  });
});
