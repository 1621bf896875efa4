import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { AppError } from '#hub/platform/errors.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { endRequests } from '#hub/signing/end-requests.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { mayServe } from '#hub/signing/signers/may-serve.ts';
import type { DelegationLimits, SigningRequestInput } from '#schemas/signing.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

describe('Delegations with limits', () => {
  let signing: SigningHub;
  let nr = 0;
  let delegation: string | undefined;

  before(async () => {
    signing = await startSigning();
  });
  after(async () => {
    await signing?.stop();
  });

  const call: SigningHub['hub']['call'] = (...given) => signing.hub.call(...given);
  const ask = async (
    input: Partial<SigningRequestInput> = {},
    appId = 'document-system',
  ): Promise<string> => {
    const { id } = await receiveRequest(
      { ...signing.hub.context, workers: sharedWorkers },
      {
        input: {
          documentId: `VB-${++nr}`,
          title: 'Tờ trình',
          fileName: 'to-trinh.pdf',
          steps: [{ signer: { staffId: signing.leader } }],
          ...input,
        },
        file: onePage(),
        appId,
        actor: 'client/test',
      },
    );
    const [step] = (await call('signing.waiting', { staffId: signing.leader })).filter(
      ({ requestId }) => requestId === id,
    );
    return step!.stepId;
  };
  /** The clerk decides for the leader, within these limits and no others. */
  const limit = async (limits: DelegationLimits): Promise<void> => {
    const { leader: staffId, clerk: toStaffId } = signing;
    if (delegation !== undefined)
      await call('signing.end-delegation', { staffId, id: delegation, actor: 'test' });
    const period = { from: today(), until: today() };
    const given = { staffId, toStaffId, ...period, limits, actor: `staff/${staffId}` };
    delegation = (await call('signing.delegate', given)).id;
  };
  const seen = async (): Promise<string[]> =>
    (await call('signing.waiting', { staffId: signing.clerk })).map(({ stepId }) => stepId);
  const decide = (stepIds: string[], decision: 'approve' | 'refuse' = 'approve') =>
    call('signing.decide', { staffId: signing.clerk, stepIds, decision, pin: '246810', reason: 'Không' });
  const codesOf = (outcomes: { ok: boolean; code?: string }[]): string[] =>
    outcomes.map(({ ok, code }) => (ok ? 'ok' : code!)).sort();

  it('show a delegate only what they are for: apps, kinds of document, levels', async () => {
    const portal = await ask({}, 'portal');
    const decision = await ask({ documentType: 'Quyết định' });
    const letter = await ask({ documentType: 'CÔNG VĂN' });
    const stamped = await ask({ steps: [{ signer: { staffId: signing.leader }, level: 'B-T' }] });
    for (const [limits, wanted] of [
      [{ appIds: ['portal'] }, [portal]],
      [{ documentTypes: ['công văn', 'Giấy mời'] }, [letter]],
      [{ levels: ['B-T'] }, [stamped]],
      [{ appIds: ['portal'], documentTypes: ['Quyết định'] }, []],
      [{}, [portal, decision, letter, stamped]],
    ] as [DelegationLimits, string[]][]) {
      await limit(limits);
      assert.deepEqual((await seen()).toSorted(), wanted.toSorted(), JSON.stringify(limits));
      assert.equal(await call('signing.count', { staffId: signing.clerk }), wanted.length);
    }
    await limit({ documentTypes: ['Công văn'] });
    assert.deepEqual(codesOf(await decide([decision])), ['signing-step-not-waiting']);
    await assert.rejects(
      call('signing.file', { staffId: signing.clerk, stepId: decision }),
      (error: unknown) => error instanceof AppError && error.code === 'signing-step-not-waiting',
    );
    assert.deepEqual(codesOf(await decide([letter])), ['ok']);
    const shown = await call('signing.waiting', { staffId: signing.leader });
    assert.equal(shown.find(({ stepId }) => stepId === decision)!.documentType, 'Quyết định');
  });

  it('let so many be decided on a day and then say so, and both names stand in the trail', async () => {
    const steps = [await ask(), await ask(), await ask(), await ask()];
    await limit({ perDay: 2 });
    assert.ok(steps.every(step => step !== undefined));
    assert.deepEqual(codesOf(await decide(steps.slice(0, 3))), ['delegation-limit-reached', 'ok', 'ok']);
    assert.deepEqual(await seen(), []);
    assert.equal(await call('signing.count', { staffId: signing.clerk }), 0);
    const left = steps[3]!;
    assert.deepEqual(codesOf(await decide([left])), ['delegation-limit-reached']);
    await assert.rejects(
      call('signing.file', { staffId: signing.clerk, stepId: left }),
      (error: unknown) => error instanceof AppError && error.code === 'delegation-limit-reached',
    );
    const [listed] = await call('signing.delegations', { staffId: signing.clerk });
    assert.deepEqual([listed!.limits, listed!.usedToday], [{ perDay: 2 }, 2]);
    const { rows } = await sql<{ actor: string; detail: { onBehalfOf: string[] } }>`
      select actor, detail from audit where action = 'signing.approved' order by at desc limit 1`.execute(
      signing.hub.db,
    );
    assert.equal(rows[0]!.actor, `staff/${signing.clerk}`);
    assert.deepEqual(rows[0]!.detail.onBehalfOf, [signing.leader]);
    // Yesterday's do not count.
    await sql`update signing_step set decided_at = decided_at - interval '1 day'
      where delegation_id = ${delegation}`.execute(signing.hub.db);
    assert.deepEqual(codesOf(await decide([left], 'refuse')), ['ok']);
    const refused = await sql<{ detail: { onBehalfOf: string[] } }>`
      select detail from audit where action = 'signing.refused' order by at desc limit 1`.execute(
      signing.hub.db,
    );
    assert.deepEqual(refused.rows[0]!.detail.onBehalfOf, [signing.leader]);
  });

  it('do not count what came back and was never decided again', async () => {
    const [back, next] = [await ask(), await ask()];
    await limit({ perDay: 1 });
    signing.keys.answer('spent');
    try {
      assert.deepEqual(codesOf(await decide([back])), ['ok']);
      await waitUntil('it to come back', async () => (await seen()).includes(back), { withinMs: 10_000 });
    } finally {
      signing.keys.answer('well');
    }
    const { rows } = await sql<{ id: string }>`select request_id as id from signing_step
      where id = ${back}`.execute(signing.hub.db);
    await endRequests(signing.hub.db, [rows[0]!.id], 'expired', 'test');
    assert.deepEqual(codesOf(await decide([next])), ['ok']);
  });

  it('show what they are for behind a thousand others', async () => {
    const other = await ask({ steps: [{ signer: { staffId: signing.leader }, level: 'B-T' }] });
    const step = await ask({ documentType: 'Thông báo' });
    await sql`insert into signing_step (request_id, position, staff_id, level, state, next_at)
      select request_id, at, staff_id, level, 'waiting', next_at - interval '1 day' from signing_step, generate_series(2, 1100) at
      where id = ${other}`.execute(signing.hub.db);
    await limit({ documentTypes: ['Thông báo'] });
    assert.deepEqual(await seen(), [step]);
    assert.equal(await call('signing.count', { staffId: signing.clerk }), 1);
    await sql`delete from signing_step where position > 1`.execute(signing.hub.db);
  });

  it('count two decisions at once together', async () => {
    const steps = [await ask(), await ask()];
    await limit({ perDay: 1 });
    const outcomes = (await Promise.all(steps.map(step => decide([step])))).flat();
    assert.deepEqual(codesOf(outcomes), ['delegation-limit-reached', 'ok']);
  });

  it('do not limit the one who gave them, nor a clerk their own seal', async () => {
    await limit({ perDay: 1, documentTypes: ['Giấy mời'] });
    const step = await ask();
    const outcomes = await call('signing.decide', {
      ...{ staffId: signing.leader, stepIds: [step], decision: 'approve', pin: '246810' },
    });
    assert.deepEqual(codesOf(outcomes), ['ok']);
  });
});

describe('Rules of routes', () => {
  it('may name kinds of document, however they are written, and never hold for one without a kind', () => {
    const route = { enabled: true, rules: { documentTypes: ['Quyết định'] } };
    const step = { staffId: 's', unitId: null, level: 'B-B' as const, appId: 'a' };
    for (const [documentType, serves] of [
      ['QUYẾT ĐỊNH', true],
      ['Quyết định'.normalize('NFD'), true],
      ['Công văn', false],
      [null, false],
    ] as const)
      assert.equal(mayServe(route, { ...step, documentType }), serves, String(documentType));
    assert.equal(mayServe({ enabled: true, rules: {} }, { ...step, documentType: null }), true);
  });
});
