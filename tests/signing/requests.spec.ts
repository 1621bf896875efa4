import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { waitUntil as waitFor } from '#hub/platform/embedded/wait-until.ts';
import { AppError } from '#hub/platform/errors.ts';
import { readBeside, readFile } from '#hub/signing/read-file.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { endOverdue } from '#hub/signing/rounds/end-overdue.ts';
import { signAuthorised } from '#hub/signing/rounds/sign-authorised.ts';
import { showRequests } from '#hub/signing/show-request.ts';
import type { SigningRequestInput, SigningState } from '#schemas/signing.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, askQpdf, makeFolder } from '#tests/signature/pdf/outside.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

describe('Requests for signatures', () => {
  let signing: SigningHub;
  const folder = makeFolder();
  let nr = 0;
  const waitUntil = (probe: () => Promise<boolean>) =>
    waitFor('the request has come so far', probe, { withinMs: 10_000 });

  before(async () => {
    signing = await startSigning();
  });
  after(async () => {
    await signing.stop();
    folder.remove();
  });

  const ask = (input: Partial<SigningRequestInput> = {}, file: Uint8Array = onePage()) =>
    receiveRequest(
      { ...signing.hub.context, workers: sharedWorkers },
      {
        input: {
          documentId: `VB-${++nr}`,
          title: 'Tờ trình',
          fileName: 'to-trinh.pdf',
          steps: [{ signer: { staffId: signing.leader } }],
          ...input,
        },
        file,
        appId: 'document-system',
        actor: 'client/test',
      },
    );
  const show = async (id: string) =>
    (await showRequests(signing.hub.db, await findRequests(signing.hub.db, [id])))[0]!;
  const fileOf = async (id: string) =>
    readFile(signing.hub.db, (await findRequests(signing.hub.db, [id]))[0]!);
  const until = (id: string, state: SigningState) => waitUntil(async () => (await show(id)).state === state);
  const waitingFor = (staffId: string) => signing.hub.call('signing.waiting', { staffId });
  const approve = async (staffId: string, requestId: string, more: object = {}) => {
    const step = (await waitingFor(staffId)).find(waiting => waiting.requestId === requestId);
    const [outcome] = await signing.hub.call('signing.decide', {
      staffId,
      stepIds: [step!.stepId],
      decision: 'approve',
      pin: '246810',
      ...(more as { pin?: string }),
    });
    return outcome!;
  };
  const eventsOf = async (id: string) => {
    const { rows } = await sql<{ type: string; version: number }>`
      select type, subject_version::int as version from event where subject = ${`signing/${id}`} order by subject_version`.execute(
      signing.hub.db,
    );
    assert.deepEqual(
      rows.map(({ version }) => version),
      rows.map((_, at) => at + 1),
      'without a gap',
    );
    return rows.map(({ type }) => type.replace(/^vn\.lienthong\.signing\.|\.v1$/g, ''));
  };
  const refusedWith = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

  it('are signed by the leader, numbered and sealed by the clerk, and both signatures stay valid', async () => {
    const { id } = await ask({
      steps: [{ signer: { staffId: signing.leader } }, { signer: { unitId: signing.unitId }, numbers: true }],
      reserve: true,
    });
    assert.equal((await approve(signing.leader, id)).ok, true);
    await waitUntil(async () => (await waitingFor(signing.clerk)).some(({ requestId }) => requestId === id));
    assert.equal((await approve(signing.clerk, id)).code, 'signing-number-missing');
    const [step] = await waitingFor(signing.clerk);
    assert.equal(step!.numbers, true);
    const numbers = { [step!.stepId]: { number: '15/QĐ-UBND', date: '2026-03-01' } };
    assert.equal((await approve(signing.clerk, id, { numbers })).ok, true);
    await until(id, 'returned');
    const file = await fileOf(id);
    assert.deepEqual(
      askPdfsig(folder.path, file).map(({ valid }) => valid),
      [true, true],
    );
    assert.equal(askQpdf(folder.path, file), '');
    assert.deepEqual(await eventsOf(id), ['received', 'signed', 'signed', 'returned']);
    const { number, issuedOn } = await show(id);
    assert.deepEqual([number, issuedOn], ['15/QĐ-UBND', '2026-03-01']);
  });

  it('that are asked twice are one request', async () => {
    const same = { documentId: 'VB-hai-lan' };
    const [one, two] = await Promise.all([ask(same), ask(same)]);
    assert.equal(one.id, two.id);
    assert.deepEqual([one.created, two.created].sort(), [false, true]);
    assert.deepEqual(await ask(same), { id: one.id, created: false });
    assert.notEqual(
      (await ask({ ...same, title: 'Khác' }, onePage({ page: '/MediaBox [0 0 300 300]' }))).id,
      one.id,
    );
  });

  it('end with a reason when somebody refuses', async () => {
    const { id } = await ask();
    const step = (await waitingFor(signing.leader)).find(({ requestId }) => requestId === id)!;
    const [outcome] = await signing.hub.call('signing.decide', {
      staffId: signing.leader,
      stepIds: [step.stepId],
      decision: 'refuse',
      reason: 'Sai căn cứ',
    });
    assert.equal(outcome!.ok, true);
    assert.deepEqual([(await show(id)).state, (await show(id)).reason], ['refused', 'Sai căn cứ']);
    assert.deepEqual(await eventsOf(id), ['received', 'refused']);
    assert.equal(
      (await waitingFor(signing.leader)).some(({ requestId }) => requestId === id),
      false,
    );
  });

  it('are not to be seen or decided by anybody else', async () => {
    const { id } = await ask();
    const step = (await waitingFor(signing.leader)).find(({ requestId }) => requestId === id)!;
    assert.equal(
      (await waitingFor(signing.clerk)).some(({ requestId }) => requestId === id),
      false,
    );
    const [outcome] = await signing.hub.call('signing.decide', {
      staffId: signing.clerk,
      stepIds: [step.stepId],
      decision: 'approve',
      pin: '246810',
    });
    assert.equal(outcome!.code, 'signing-step-not-waiting');
    const file = signing.hub.call('signing.file', { staffId: signing.clerk, stepId: step.stepId });
    await assert.rejects(file, refusedWith('signing-step-not-waiting'));
  });

  it('are decided by a delegate in the days named, until the delegation ends', async () => {
    const { id } = await ask();
    const day = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const { leader: staffId, clerk: toStaffId } = signing;
    const given = { staffId, toStaffId, from: day, until: day, actor: 'test' };
    const delegation = await signing.hub.call('signing.delegate', given);
    const seen = (await waitingFor(toStaffId)).find(({ requestId }) => requestId === id);
    assert.equal(seen?.onBehalfOf, 'Nguyễn Văn Bình');
    await signing.hub.call('signing.end-delegation', { staffId, id: delegation.id, actor: 'test' });
    assert.equal(
      (await waitingFor(toStaffId)).some(({ requestId }) => requestId === id),
      false,
    );
  });

  it('are taken back to who decides when the service signs something else', async () => {
    const [one, two] = [await ask(), await ask()];
    const steps = (await waitingFor(signing.leader)).filter(({ requestId }) =>
      [one.id, two.id].includes(requestId),
    );
    signing.keys.answer('swapped');
    try {
      await signing.hub.call('signing.decide', {
        staffId: signing.leader,
        stepIds: steps.map(({ stepId }) => stepId),
        decision: 'approve',
        pin: '246810',
      });
      await waitUntil(async () => {
        const back = (await waitingFor(signing.leader)).filter(
          ({ reason }) => reason === 'signature-not-of-hash',
        );
        return back.length === 2;
      });
    } finally {
      signing.keys.answer('well');
    }
    assert.equal((await approve(signing.leader, one.id)).ok, true);
    await until(one.id, 'returned');
  });

  it('take nothing of a late answer once they were decided anew', async () => {
    const { id } = await ask();
    const before = signing.keys.seen.signed;
    const release = signing.keys.hold();
    try {
      await approve(signing.leader, id);
      await waitUntil(async () => signing.keys.seen.signed === before + 1);
      // Another node takes it over, and the service has forgotten the leave.
      await sql`update signing_step set lease_until = null where request_id = ${id}`.execute(signing.hub.db);
      signing.keys.answer('spent');
      await signAuthorised(signing.hub.context);
      assert.equal((await show(id)).state, 'waiting');
      signing.keys.answer('well');
      assert.equal((await approve(signing.leader, id)).ok, true);
    } finally {
      release();
    }
    await until(id, 'returned');
    assert.equal(signing.keys.seen.signed, before + 2);
    assert.deepEqual(
      askPdfsig(folder.path, await fileOf(id)).map(({ valid }) => valid),
      [true],
    );
  });

  it('wait while the service is away, and are signed once when it is back', async () => {
    const { id } = await ask();
    const before = signing.keys.seen.signed;
    signing.keys.answer('away');
    try {
      assert.equal((await approve(signing.leader, id)).ok, true);
      assert.equal((await show(id)).state, 'authorised');
    } finally {
      signing.keys.answer('well');
    }
    await until(id, 'returned');
    assert.equal(signing.keys.seen.signed, before + 1);
  });

  it('go back to who decides when the service never answers within the time of their leave', async () => {
    const { id } = await ask();
    signing.keys.answer('away');
    try {
      await approve(signing.leader, id);
      await sql`update signing_step set session_until = clock_timestamp() - interval '1 second',
        next_at = clock_timestamp() where request_id = ${id}`.execute(signing.hub.db);
      await until(id, 'waiting');
    } finally {
      signing.keys.answer('well');
    }
    assert.equal((await show(id)).steps[0]!.reason, 'not-ready');
    assert.equal((await approve(signing.leader, id)).ok, true);
    await until(id, 'returned');
  });

  it('tell a wrong PIN, and still wait', async () => {
    const { id } = await ask();
    assert.equal((await approve(signing.leader, id, { pin: 'sai' })).ok, false);
    assert.equal((await show(id)).state, 'waiting');
  });

  it('go back into the app that asked for it, again and again until it takes the file', async () => {
    const { id } = await ask({ documentId: 'VB-tra-ve', putBack: true });
    await approve(signing.leader, id);
    await until(id, 'returned');
    const back = signing.putBack.find(({ documentId }) => documentId === 'VB-tra-ve');
    assert.ok((await fileOf(id)).equals(Buffer.from(back!.base64 as string, 'base64')));
  });

  it('fail when the app does not know the document any more; the signed file stays here', async () => {
    const { id } = await ask({ documentId: 'VB-da-xoa', putBack: true });
    await approve(signing.leader, id);
    await until(id, 'failed');
    assert.deepEqual(await eventsOf(id), ['received', 'signed', 'failed']);
    assert.deepEqual(
      askPdfsig(folder.path, await fileOf(id)).map(({ valid }) => valid),
      [true],
    );
  });

  it('are refused at once for a file that cannot be signed', async () => {
    await assert.rejects(ask({}, Buffer.from('%PDF-1.7\nhỏng')), refusedWith('pdf-broken'));
    await assert.rejects(ask({}, Buffer.from('<a><b></a>')), refusedWith('xml-broken'));
  });

  it('take XML and any other file too, each in the form of its kind', async () => {
    const trust = { roots: [signing.authority.root], intermediates: [] };
    const xml = await ask({}, Buffer.from('<vanBan><so>12</so></vanBan>'));
    await approve(signing.leader, xml.id);
    await until(xml.id, 'returned');
    const signed = await fileOf(xml.id);
    const judged = await sharedWorkers.run('verify', {
      format: 'xml',
      file: signed,
      beside: undefined,
      trust,
    });
    assert.deepEqual(
      [judged.report.signatures[0]!.trusted, judged.report.signatures[0]!.changes],
      [true, 'none'],
    );

    const text = Buffer.from('bất cứ tệp nào');
    const two = [{ signer: { staffId: signing.leader } }, { signer: { unitId: signing.unitId } }];
    const other = await ask({ fileName: 'so-lieu.csv', steps: two }, text);
    await approve(signing.leader, other.id);
    await waitUntil(async () =>
      (await waitingFor(signing.clerk)).some(({ requestId }) => requestId === other.id),
    );
    await approve(signing.clerk, other.id);
    await until(other.id, 'returned');
    assert.ok((await fileOf(other.id)).equals(text));
    const [request] = await findRequests(signing.hub.db, [other.id]);
    for (const position of [1, 2]) {
      const beside = (await readBeside(signing.hub.db, request!, position))!;
      const { report } = await sharedWorkers.run('verify', { format: 'other', file: text, beside, trust });
      assert.deepEqual([report.signatures[0]!.trusted, report.signatures[0]!.kind], [true, 'signature']);
    }
  });

  it('are refused for what a kind of file cannot have', async () => {
    const xml = Buffer.from('<a/>');
    const two = [{ signer: { staffId: signing.leader } }, { signer: { unitId: signing.unitId } }];
    const lta = [{ signer: { staffId: signing.leader }, level: 'B-LTA' as const }];
    await assert.rejects(ask({ steps: two }, xml), refusedWith('signing-not-for-format'));
    await assert.rejects(ask({ steps: lta }, xml), refusedWith('signing-not-for-format'));
    await assert.rejects(ask({ putBack: true }, Buffer.from('chữ')), refusedWith('signing-not-for-format'));
  });

  it('expire at their due time', async () => {
    const { id } = await ask({ dueAt: new Date(Date.now() - 1000).toISOString() });
    await endOverdue(signing.hub.context);
    assert.equal((await show(id)).state, 'expired');
    assert.deepEqual(await eventsOf(id), ['received', 'expired']);
  });
});
