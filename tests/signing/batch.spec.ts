import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { waitUntil as waitFor } from '#hub/platform/embedded/wait-until.ts';
import { readFile } from '#hub/signing/read-file.ts';
import type { RequestRow } from '#hub/signing/request-store.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, askQpdf, makeFolder } from '#tests/signature/pdf/outside.ts';
import { waitForHeld } from '#tests/signing/hold-rows.ts';
import { type KillableHub, pin, startKillable } from '#tests/signing/start-killable.ts';
import { unsignable } from '#tests/signing/unsignable.ts';

const waitUntil = (what: string, probe: () => Promise<boolean>) => waitFor(what, probe, { withinMs: 60_000 });

describe('A batch to be signed', function () {
  this.timeout(300_000);
  const folder = makeFolder();
  let hub: KillableHub;
  before(async () => {
    hub = await startKillable();
  });
  after(async () => {
    await hub?.stop();
    folder.remove();
  });

  const inState = (state: string) => hub.countOf(`signing_step where state = '${state}'`);
  const requestsIn = (state: string) => hub.countOf(`signing_request where state = '${state}'`);
  /** Steps, or requests, of a state that somebody works on. */
  const taken = (table: string, state: string) =>
    hub.countOf(`${table} where state = '${state}' and attempts > 0`);
  const ask = async (drafts: Map<string, Buffer>, steps: object[]): Promise<(string | undefined)[]> => {
    for (const [id, file] of drafts) await hub.documents.draft(id, file);
    const requests = [...drafts.keys()].map(documentId => ({
      ...{
        documentId,
        title: documentId,
        fileName: `${documentId}.pdf`,
        reserve: true,
        putBack: true,
        steps,
      },
    }));
    const answer = await hub.node.post('/api/v1/signing/batches', { requests }, 'document-system');
    return (answer as { items: { code?: string }[] }).items.map(({ code }) => code);
  };
  const approve = async (staffId: string, numbered = false): Promise<void> => {
    const steps = await hub.node.call('signing.waiting', { staffId });
    const numbers = Object.fromEntries(
      steps.map(({ stepId }, at) => [stepId, { number: `${at + 1}/QĐ-UBND`, date: '2026-03-02' }]),
    );
    const outcomes = await hub.node.call('signing.decide', {
      staffId,
      stepIds: steps.map(({ stepId }) => stepId),
      decision: 'approve',
      pin,
      factorAt: new Date().toISOString(),
      ...(numbered ? { numbers } : {}),
    });
    assert.deepEqual(
      outcomes.filter(({ ok }) => !ok),
      [],
    );
  };
  const draftsOf = (name: string, count: number) =>
    new Map(
      Array.from({ length: count }, (_, at) => [
        `${name}-${at}`,
        onePage({ catalog: `/Lang (${name}${at})` }),
      ]),
    );
  /** What came of each draft: its file, whose bytes the document system has too, and its events. */
  const results = async (drafts: Map<string, Buffer>): Promise<{ file: Buffer; events: string[] }[]> => {
    const back = new Map((await hub.documents.held()).map(one => [one.id, one]));
    const found: { file: Buffer; events: string[] }[] = [];
    for (const [name, draft] of drafts) {
      const [request] = await hub.query<RequestRow>(
        `select id, format, parts, encode(current, 'hex') as current from signing_request where document_id = '${name}'`,
      );
      assert.deepEqual([back.get(name)!.version, back.get(name)!.sha256], [2, request!.current], name);
      const file = await readFile(hub.db, request!);
      assert.ok(file.subarray(0, draft.length).equals(draft), 'the draft is in it as it was');
      const events = await hub.query<{ type: string; version: number }>(
        `select type, subject_version::int as version from event where subject = 'signing/${request!.id}' order by position`,
      );
      assert.deepEqual(
        events.map(({ version }) => version),
        events.map((_, at) => at + 1),
      );
      found.push({ file, events: events.map(({ type }) => type.split('.')[3]!) });
    }
    return found;
  };
  const timesSigned = () => hub.countOf(`audit where action = 'signing-key.signed'`);

  it('whose hub is killed at each step is signed once for each step, and given back whole', async () => {
    const count = 4;
    const drafts = draftsOf('VB', count);
    await ask(drafts, [
      { signer: { staffId: hub.leader }, level: 'B-T' },
      { signer: { unitId: hub.unitId }, numbers: true, level: 'B-LTA' },
    ]);

    // After leave was given: the token hangs.
    process.kill((await hub.node.tokenPid())!, 'SIGSTOP');
    await approve(hub.leader);
    await waitUntil(
      'the token to be asked',
      async () => (await taken('signing_step', 'authorised')) === count,
    );
    await hub.node.kill();

    // After the token has signed, before the key service has kept it.
    const leaves = await hub.hold('signing_leave');
    await hub.start();
    await waitForHeld(hub.db, 'update signing_leave');
    await hub.node.kill();
    assert.equal(await inState('authorised'), count);

    // After the key service has kept it, before the request has.
    await hub.start();
    await waitForHeld(hub.db, 'update signing_leave', 2);
    const steps = await hub.hold('signing_step');
    await leaves.release();
    await waitForHeld(hub.db, "update signing_step s set state = 'signed'");
    await hub.node.kill();

    // After the signature was kept, before its time-stamp.
    await hub.fault('hang', '/tsa');
    await steps.release();
    await hub.start();
    await waitUntil(
      'time-stamps to be asked for',
      async () => (await taken('signing_step', 'signed')) === count,
    );
    await hub.node.kill();

    // Before signatures are put into their files.
    const requests = await hub.hold('signing_request');
    await hub.fault('ok');
    await hub.start();
    await waitForHeld(hub.db, 'with added (request_id');
    await hub.node.kill();
    assert.equal(await inState('time-stamped'), count);
    await requests.release();

    // The seal: after it was put in, before the proofs.
    await hub.start();
    await waitUntil('the clerk to have all', async () => (await inState('waiting')) === count);
    await hub.fault('hang', '/ocsp');
    await approve(hub.clerk, true);
    await waitUntil('proofs to be asked for', async () => (await taken('signing_request', 'embedded')) > 0);
    await hub.node.kill();
    await hub.fault('ok');

    // After the document system has taken the files, before it said so.
    const speak = hub.documents.keepSilent();
    await hub.start();
    await waitUntil('the document system to have all', async () => hub.documents.taken() === count);
    await hub.node.kill();
    speak();
    assert.equal(await requestsIn('verified'), count);
    await hub.start();
    await waitUntil('all to be given back', async () => (await requestsIn('returned')) === count);

    assert.equal(await timesSigned(), 2, 'for each signer once');
    for (const { file, events } of await results(drafts)) {
      assert.deepEqual(events, ['received', 'signed', 'signed', 'returned']);
      // pdfsig does not judge the third, the time-stamp over the proofs.
      assert.deepEqual(
        askPdfsig(folder.path, file).map(({ valid }) => valid),
        [true, true, false],
      );
      const { root, issuing } = hub.authority;
      const { verdict, signatures } = await verifyPdf(file, { roots: [root], intermediates: [issuing] });
      assert.deepEqual(
        [verdict, ...signatures.map(({ kind, changes }) => [kind, changes])],
        ['valid', ['signature', 'allowed'], ['signature', 'allowed'], ['time-stamp', 'none']],
      );
      assert.equal(askQpdf(folder.path, file), '');
    }
  });

  it('goes on by itself when the token is lost under it: none is lost, none is signed twice', async () => {
    const steps = [{ signer: { staffId: hub.leader } }];
    const back = await requestsIn('returned');
    await ask(draftsOf('HSM-truoc', 1), steps);
    await approve(hub.leader);
    await waitUntil('the token to be in use', async () => (await requestsIn('returned')) === back + 1);
    const [returned, signed] = [back + 1, await timesSigned()];
    const drafts = draftsOf('HSM', 20);
    await ask(drafts, steps);
    const token = (await hub.node.tokenPid())!;
    process.kill(token, 'SIGSTOP');
    await approve(hub.leader);
    await waitUntil('the token to be asked', async () => (await taken('signing_step', 'authorised')) === 20);
    process.kill(token, 'SIGKILL');
    await waitUntil('all to be given back', async () => (await requestsIn('returned')) === returned + 20);
    assert.equal(await timesSigned(), signed + 1);
    for (const { file, events } of await results(drafts)) {
      assert.deepEqual(events, ['received', 'signed', 'returned']);
      assert.deepEqual(
        askPdfsig(folder.path, file).map(({ valid }) => valid),
        [true],
      );
    }
  });

  it('tells of each file that cannot be signed why, and leaves it at its source as it was', async () => {
    const steps = [{ signer: { staffId: hub.leader } }];
    const [name] = draftsOf('HSM', 1).keys();
    const { file: signed } = (await results(new Map([[name!, Buffer.alloc(0)]])))[0]!;
    const files = unsignable(folder.path, signed);
    const drafts = new Map([...files].map(([id, { file }]) => [id, file]));
    assert.deepEqual(
      await ask(drafts, steps),
      [...files.values()].map(({ code }) => code),
    );

    const unknownApp = { documentId: 'la', title: 'Lạ', fileName: 'la.pdf', putBack: true, steps };
    const answer = await hub.node.post('/api/v1/signing/batches', { requests: [unknownApp] }, 'khong-co');
    assert.equal((answer as { items: { code?: string }[] }).items[0]!.code, 'unknown-app');

    // What its people refuse stays as it was, too.
    const refused = draftsOf('TC', 1);
    await ask(refused, steps);
    const [waiting] = await hub.node.call('signing.waiting', { staffId: hub.leader });
    await hub.node.call('signing.decide', {
      ...{ staffId: hub.leader, stepIds: [waiting!.stepId], decision: 'refuse', reason: 'Sai căn cứ' },
    });
    const kept = await hub.query<{ reason: { text: string } }>(
      `select reason from signing_request where document_id = 'TC-0'`,
    );
    assert.equal(kept[0]!.reason.text, 'Sai căn cứ');
    const held = new Map((await hub.documents.held()).map(one => [one.id, one]));
    for (const [id, file] of [...drafts, ...refused]) {
      const sha256 = createHash('sha256').update(file).digest('hex');
      assert.deepEqual([held.get(id)!.version, held.get(id)!.sha256], [1, sha256], id);
    }
  });
});
