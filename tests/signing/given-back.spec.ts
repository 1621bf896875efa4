import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { waitUntil as waitFor } from '#hub/platform/embedded/wait-until.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

interface Step {
  state: string;
  code: string | null;
}

describe('Steps of which a service brings no signature', () => {
  let signing: SigningHub;
  let nr = 0;

  beforeEach(async () => {
    signing = await startSigning();
  });
  afterEach(async () => {
    await signing?.stop();
  });

  const ask = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1)
      await receiveRequest(
        { ...signing.hub.context, workers: sharedWorkers },
        {
          input: {
            ...{ documentId: `VB-${++nr}`, title: 'Tờ trình', fileName: 'to-trinh.pdf' },
            steps: [{ signer: { staffId: signing.leader }, level: 'B-B' }],
          },
          ...{ file: onePage(), appId: 'document-system', actor: 'client/test' },
        },
      );
  };
  /** All that waits, in one transaction. */
  const approve = async (): Promise<void> => {
    const stepIds = (await signing.hub.call('signing.waiting', { staffId: signing.leader })).map(
      ({ stepId }) => stepId,
    );
    const outcomes = await signing.hub.call('signing.decide', {
      ...{ staffId: signing.leader, stepIds, decision: 'approve', pin: '246810' },
    });
    assert.ok(outcomes.every(({ ok }) => ok));
  };
  /** In the order of their hashes. */
  const steps = async (): Promise<Step[]> => {
    const { rows } = await sql<Step>`select state, reason ->> 'code' as code from signing_step
      order by place`.execute(signing.hub.db);
    return rows;
  };
  const until = (what: string, probe: (all: Step[]) => boolean) =>
    waitFor(what, async () => probe(await steps()), { withinMs: 20_000 });
  const run = (statement: string) => sql.raw(statement).execute(signing.hub.db);

  it('go back to who decides while the good ones of the same answer are kept, all at once', async () => {
    await ask(3);
    await run(`create function fail() returns trigger language plpgsql as 'begin raise ''no''; end'`);
    await run(`create trigger fail before update on signing_step for each row
      when (old.state = 'authorised' and new.state = 'waiting') execute function fail()`);
    // Of three in the wrong order the second is right.
    signing.keys.answer('swapped');
    await approve();
    await until('settling to have failed', all => all.every(({ code }) => code === 'internal'));
    assert.deepEqual(
      (await steps()).map(({ state }) => state),
      ['authorised', 'authorised', 'authorised'],
    );
    await run('drop trigger fail on signing_step');
    await until('the answer to be settled', all => all.every(({ state }) => state !== 'authorised'));
    await until('the good one to go on', all => all[1]!.state === 'verified');
    assert.deepEqual(
      (await steps()).map(({ code }) => code),
      ['signature-not-of-hash', null, 'signature-not-of-hash'],
    );
  });

  it('go back to who decides when only a part of their transaction is left', async () => {
    await ask(2);
    signing.keys.answer('away');
    await approve();
    await run(`update signing_step set state = 'verified' where place = 0`);
    await until('what is left to come back', all => all[1]!.state === 'waiting');
    assert.equal((await steps())[1]!.code, 'signing-leave-expired');
  });

  it('go back to who decides when the key cannot sign: only a person ends a request', async () => {
    await ask(1);
    signing.keys.answer('unable');
    await approve();
    await until('it to come back', ([step]) => step!.code === 'no-signing-key');
    assert.equal((await steps())[0]!.state, 'waiting');
    signing.keys.answer('well');
    await approve();
    await until('it to be signed', ([step]) => step!.state === 'verified');
  });

  it('go back to who decides when nobody confirms within the time of their leave', async () => {
    await ask(1);
    signing.keys.answer('waiting');
    await approve();
    await run(`update signing_step set session_until = clock_timestamp(), next_at = clock_timestamp()`);
    await until('it to come back', ([step]) => step!.state === 'waiting');
    assert.equal((await steps())[0]!.code, 'signing-leave-expired');
  });

  it('wait with their reason when a signature has no room in its file, and hold up no other', async () => {
    await ask(3);
    const release = signing.keys.hold();
    await approve();
    await run('update signing_step set contents_bytes = 10 where place = 0');
    release();
    await until('the others to be signed', all => all.slice(1).every(({ state }) => state === 'verified'));
    const [step] = await steps();
    assert.deepEqual([step!.state, step!.code], ['signed', 'signature-too-large']);
  });

  it('wait when their file is another than they were made for, and hold up no other', async () => {
    await ask(3);
    const release = signing.keys.hold();
    await approve();
    await run(`update signing_request set parts = 7
      where id = (select request_id from signing_step where place = 1)`);
    release();
    await until('the others to be signed', all =>
      all.every(({ state }, at) => at === 1 || state === 'verified'),
    );
    const [, step] = await steps();
    assert.deepEqual([step!.state, step!.code], ['signed', 'internal']);
  });
});
