import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { makeKey, publicKeyOf } from '#sandbox/authority/open-identity.ts';
import { startAuthority } from '#sandbox/authority/start-authority.ts';
import { signFile } from '#sandbox/usb-agent/sign-file.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { leaderUid, serialOf, startTokens, type Tokens } from '#tests/signing/start-tokens.ts';

describe('What the signing agent may not do', () => {
  let tokens: Tokens;
  before(async () => {
    tokens = await startTokens();
  });
  after(() => tokens.stop());

  it('is refused in the words of the agent; nothing changes, and the address still works', async () => {
    const id = await tokens.ask();
    const { stepId, call } = await tokens.callAgent(tokens.signing.leader, id);
    const file = await tokens.prepared(call);
    const good = Buffer.from(await signFile(file, tokens.leaderToken));
    const broken = Buffer.from(good);
    broken[200] = broken[200]! ^ 1;
    // The signature's value: the hash fits no more, the file stays readable.
    const wrongValue = Buffer.from(good);
    const contents = good.indexOf('/Contents <', file.length) + 1500;
    wrongValue[contents] = wrongValue[contents] === 0x30 ? 0x31 : 0x30;
    const other = await tokens.makeToken({ subject: { CN: 'Người khác', UID: 'CCCD:046080009999' } });
    const namesake = await tokens.makeToken({ subject: { CN: `x, UID=${leaderUid}`, UID: 'CCCD:1' } });
    const uid = { subject: { CN: 'Nguyễn Văn Bình', UID: leaderUid } };
    const expired = await tokens.makeToken({
      ...uid,
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2021-01-01T00:00:00Z'),
    });
    const stranger = await startAuthority();
    const key = await makeKey();
    const strange = { key, certificate: await stranger.issue({ publicKey: publicKeyOf(key), ...uid }) };
    await stranger.stop();
    const revoked = await tokens.makeToken(uid);
    tokens.authority.revoke(serialOf(revoked));
    const twice = await signFile(good, tokens.leaderToken);
    const end = good.subarray(good.lastIndexOf('startxref'));
    const huge = Buffer.concat([good, Buffer.alloc(5_000_000, 0x20), end]);
    for (const [code, upload] of [
      ['upload-of-other-file', await signFile(onePage({ pages: '/Other true' }), tokens.leaderToken)],
      ['upload-of-other-file', broken],
      ['upload-cut', good.subarray(0, good.length - 10)],
      ['upload-adds-nothing', file],
      ['upload-too-large', huge],
      ['upload-changes-document', await signFile(file, tokens.leaderToken, { stamp: 'Da sua' })],
      ['upload-two-signatures', twice],
      ['upload-signature-broken', wrongValue],
      ['upload-by-other-certificate', await signFile(file, other)],
      ['upload-by-other-certificate', await signFile(file, namesake)],
      ['upload-certificate-expired', await signFile(file, expired)],
      ['upload-certificate-untrusted', await signFile(file, { ...strange, chain: [stranger.issuing] })],
      ['upload-certificate-revoked', await signFile(file, revoked)],
    ] as const) {
      const answer = await tokens.bring(call, upload);
      assert.deepEqual([answer.Status, answer.Code], [false, code]);
      assert.match(answer.Message, /^Không nhận tệp đã ký: [^{]+\.$/);
      assert.deepEqual(
        await tokens.signing.hub.call('signing.agent-outcome', { staffId: tokens.signing.leader, stepId }),
        {
          state: 'waiting',
          problem: code,
        },
      );
    }
    assert.equal((await tokens.bring(call, good, 'another')).Code, 'malformed-body');
    assert.equal((await tokens.show(id)).state, 'waiting');
    assert.ok((await tokens.fileOf(id)).equals(file));
    assert.equal((await tokens.bring(call, good)).Status, true);
    await tokens.returned(id);
  });

  it('is worth nothing at addresses that are made up, too old, made anew since, or of somebody who may not sign any more', async () => {
    const id = await tokens.ask();
    const { call: first } = await tokens.callAgent(tokens.signing.leader, id);
    const { stepId, call } = await tokens.callAgent(tokens.signing.leader, id);
    const file = await tokens.fileOf(id);
    const good = await signFile(file, tokens.leaderToken);
    assert.equal((await tokens.fetchFile(first)).status, 410);
    assert.equal((await tokens.bring(first, good)).Code, 'signing-pass-spent');
    const swapped = { ...call, request: { ...call.request } };
    const tokenIn = (address: string) => /[A-Za-z0-9_-]{43}/.exec(address)![0];
    const [fetchToken, bringToken] = [call.request.FileName!, call.request.FileUploadHandler!].map(tokenIn);
    swapped.request.FileName = call.request.FileName!.replace(fetchToken!, bringToken!);
    swapped.request.FileUploadHandler = call.request.FileUploadHandler!.replace(bringToken!, fetchToken!);
    assert.equal((await tokens.fetchFile(swapped)).status, 410);
    assert.equal((await tokens.bring(swapped, good)).Code, 'signing-pass-spent');
    await sql`update signing_agent_call set expires_at = now() - interval '1 second' where used_at is null`.execute(
      tokens.signing.hub.db,
    );
    assert.equal((await tokens.fetchFile(call)).status, 410);
    assert.equal((await tokens.bring(call, good)).Code, 'signing-pass-spent');
    const { call: fresh } = await tokens.callAgent(tokens.signing.leader, id);
    const refusal = {
      staffId: tokens.signing.leader,
      stepIds: [stepId],
      decision: 'refuse' as const,
      reason: 'Sai',
    };
    await tokens.signing.hub.call('signing.decide', refusal);
    assert.equal((await tokens.fetchFile(fresh)).status, 409);
    assert.equal((await tokens.bring(fresh, good)).Code, 'signing-step-not-waiting');
    await assert.rejects(
      tokens.callAgent(
        tokens.signing.leader,
        await tokens.ask({ steps: [{ signer: { staffId: tokens.signing.clerk } }] }),
      ),
    );
  });

  it('is not taken from a token that was reported broken meanwhile', async () => {
    const { hub, leader } = tokens.signing;
    const id = await tokens.ask();
    const { call } = await tokens.callAgent(leader, id);
    const signed = await signFile(await tokens.prepared(call), tokens.leaderToken);
    const { ticketId } = await hub.call('signing.report-broken', { staffId: leader, service: 'usb' });
    const answer = await tokens.bring(call, signed);
    assert.equal(answer.Code, 'upload-token-reported');
    assert.match(answer.Message, /đã được báo hỏng hoặc mất/);
    await hub.call('signing.look-again', { staffId: leader, ticketId });
    assert.equal((await tokens.bring(call, signed)).Status, true);
  });

  it('has addresses that are kept as hashes only, and stand in no log', async () => {
    const { call } = await tokens.callAgent(tokens.signing.leader, await tokens.ask());
    await tokens.prepared(call);
    const secrets = Object.values(call.request).flatMap(text => /[A-Za-z0-9_-]{43}/.exec(text)?.[0] ?? []);
    assert.equal(secrets.length, 2);
    const { rows } = await sql<{ text: string }>`select c::text as text from signing_agent_call c`.execute(
      tokens.signing.hub.db,
    );
    const texts = [...tokens.edge.lines, ...rows.map(({ text }) => text)];
    assert.ok(tokens.edge.lines.length > 0 && rows.length > 0);
    assert.ok(texts.every(text => secrets.every(secret => !text.includes(secret))));
  });
});
