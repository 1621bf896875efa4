import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { agentCall } from '#hub/signing/agent/agent-call.ts';
import { agentRoutes } from '#hub/signing/agent/agent-routes.ts';
import { checkUpload } from '#hub/signing/agent/check-upload.ts';
import { makePass, type Pass, type PassKind } from '#hub/signing/agent/pass-store.ts';
import { fillFields } from '#signature/pdf/fill-fields.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { type RunningEdge, startEdge } from '#tests/http/start-edge.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const signedAt = new Date('2026-03-02T08:00:00Z');
/** A file with one signature already, and the next one that an agent would add. */
const makeFiles = async () => {
  const draft = onePage();
  const field = { name: 'so', page: 1, at: { x: 50, y: 50, width: 100, height: 20 } };
  const original = Buffer.concat([draft, await reserveFields(draft, [field])]);
  const first = await prepareSignature(original, { signedAt });
  const prepared = Buffer.concat([original, first.increment]);
  const { increment } = await prepareSignature(prepared, { signedAt });
  return { original, prepared, increment, filled: await fillFields(prepared, [{ name: 'so', text: '12' }]) };
};

describe('What the signing agent brings back', () => {
  let files: Awaited<ReturnType<typeof makeFiles>>;
  before(async () => {
    files = await makeFiles();
  });
  const check = (upload: Buffer) => checkUpload(files.prepared, upload);

  it('is taken when it is the prepared file and a signature after it', () => {
    const { prepared, increment } = files;
    assert.equal(check(Buffer.concat([prepared, increment])), undefined);
  });

  it('is taken with a stamp and a signature as two updates', async () => {
    const { prepared, filled } = files;
    const stamped = Buffer.concat([prepared, filled]);
    const { increment } = await prepareSignature(stamped, { signedAt });
    assert.equal(check(Buffer.concat([stamped, increment])), undefined);
  });

  it('is refused when it is another file, or the same with a byte changed before the end', () => {
    const { prepared, increment, original } = files;
    assert.equal(check(onePage({ pages: '/Other true' })), 'upload-of-other-file');
    const changed = Buffer.concat([prepared, increment]);
    changed[200] = changed[200]! ^ 1;
    assert.equal(check(changed), 'upload-of-other-file');
    assert.equal(check(Buffer.concat([original, increment])), 'upload-of-other-file');
    assert.equal(check(Buffer.concat([Buffer.from(' '), prepared, increment])), 'upload-of-other-file');
  });

  it('is refused when it is cut, or nothing was added', () => {
    const { prepared, increment } = files;
    const whole = Buffer.concat([prepared, increment]);
    for (const length of [0, 10, prepared.length - 1])
      assert.equal(check(prepared.subarray(0, length)), 'upload-cut');
    assert.equal(check(whole.subarray(0, whole.length - 10)), 'upload-cut');
    assert.equal(check(prepared), 'upload-adds-nothing');
    assert.equal(check(Buffer.concat([prepared, Buffer.from('\r\n \n')])), 'upload-adds-nothing');
  });

  it('is refused when what was added does not build on the prepared file', async () => {
    const { original, prepared, increment } = files;
    // Signed over the original: its cross-reference leads past the first signature.
    const past = (await prepareSignature(original, { signedAt })).increment;
    assert.equal(check(Buffer.concat([prepared, past])), 'upload-not-incremental');
    const text = (from: string, to: string) =>
      Buffer.concat([prepared, Buffer.from(increment.toString('latin1').replace(from, to), 'latin1')]);
    assert.equal(check(text('/Prev ', '/Perv ')), 'upload-not-incremental');
    const junk = Buffer.concat([prepared, Buffer.from('/ByteRange startxref\n0\n%%EOF\n')]);
    assert.equal(check(junk), 'upload-not-incremental');
    const same = /startxref\s+\d+\s+%%EOF\s*$/.exec(prepared.toString('latin1'))![0];
    const again = Buffer.concat([prepared, Buffer.from(`/ByteRange ${same}`)]);
    assert.equal(check(again), 'upload-not-incremental');
  });

  it('is refused when it is changed but not signed', () => {
    const { prepared, filled } = files;
    assert.equal(check(Buffer.concat([prepared, filled])), 'upload-without-signature');
  });

  it('ends, whatever circle the cross-references go in', () => {
    const { prepared } = files;
    const at = prepared.length;
    const circle = `xref\n0 0\ntrailer\n<< /Prev ${at} >>\nstartxref\n${at}\n%%EOF\n`;
    assert.equal(check(Buffer.concat([prepared, Buffer.from(circle)])), 'upload-not-incremental');
  });
});

describe('The address that the signing agent is given', () => {
  let hub: TestHub;
  let edge: RunningEdge;
  let files: Awaited<ReturnType<typeof makeFiles>>;
  let stepId: string;
  const approver = randomUUID();
  const taken: { pass: Pass; increment: Buffer }[] = [];

  before(async () => {
    files = await makeFiles();
    hub = await createTestHub([]);
    const { rows } = await sql<{ id: string }>`
      with request as (
        insert into signing_request (app_id, actor, document_id, asked, title, file_name, format, put_back, state, original, current)
        values ('qlvb', 'client/qlvb', 'VB-1', '\\x00', 'Công văn', 'cong-van.pdf', 'pdf', false, 'waiting', '\\x00', '\\x00')
        returning id)
      insert into signing_step (request_id, position, staff_id, level, state)
      select id, 1, ${approver}::uuid, 'B-B', 'waiting' from request returning id`.execute(hub.db);
    stepId = rows[0]!.id;
    const desk = {
      prepared: async () => ({ fileName: 'cong-van.pdf', pdf: files.prepared, number: '12/QĐ-UBND' }),
      signed: async (pass: Pass, increment: Buffer) => void taken.push({ pass, increment }),
    };
    edge = await startEdge({ routes: agentRoutes(hub, desk, 1_000_000) });
  });
  after(async () => {
    await edge.close();
    await hub.stop();
  });
  const pass = (kind: PassKind, seconds = 600) => makePass(hub.db, { kind, stepId, approver }, seconds);
  const fetchFile = (token: string) => fetch(`${edge.origin}/api/v1/signing/agent/files/${token}`);
  const bring = async (token: string, file: Buffer, field = 'uploadfile') => {
    const form = new FormData();
    form.append('SessionId', '');
    form.append(field, new Blob([new Uint8Array(file)], { type: 'application/pdf' }), 'signed.pdf');
    const answer = await fetch(`${edge.origin}/api/v1/signing/agent/uploads/${token}`, {
      method: 'POST',
      body: form,
    });
    return {
      status: answer.status,
      body: (await answer.json()) as { Status: boolean; Message: string; [key: string]: unknown },
    };
  };
  const signedFile = () => Buffer.concat([files.prepared, files.increment]);

  it('gives the file once', async () => {
    const token = await pass('fetch');
    const answer = await fetchFile(token);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(files.prepared));
    assert.equal((await fetchFile(token)).status, 410);
  });

  it('takes the signed file once, hands on only what was added, and answers as the agent reads it', async () => {
    const token = await pass('bring');
    const { status, body } = await bring(token, signedFile());
    assert.equal(status, 200);
    assert.deepEqual(body, {
      Status: true,
      Message: 'Đã nhận tệp ký số.',
      FileName: 'cong-van.pdf',
      FileServer: 'cong-van.pdf',
      DocumentNumber: '12/QĐ-UBND',
    });
    assert.equal(taken.length, 1);
    assert.deepEqual(taken[0]!.pass, { stepId, approver });
    assert.ok(taken[0]!.increment.equals(files.increment));
    assert.equal((await bring(token, signedFile())).body.Status, false);
    assert.equal(taken.length, 1);
  });

  it('takes one of two uploads that come at the same time', async () => {
    taken.length = 0;
    const token = await pass('bring');
    const both = await Promise.all([bring(token, signedFile()), bring(token, signedFile())]);
    assert.deepEqual(both.map(({ body }) => body.Status).sort(), [false, true]);
    assert.equal(taken.length, 1);
  });

  it('is worth nothing for the other purpose, when it is too old, made up, or made anew since', async () => {
    taken.length = 0;
    const old = await pass('bring', -1);
    const toFetch = await pass('fetch');
    const replaced = await pass('bring');
    await pass('bring');
    for (const token of [old, toFetch, replaced, 'A'.repeat(43)])
      assert.equal((await bring(token, signedFile())).body.Status, false);
    assert.equal((await fetchFile(await pass('bring'))).status, 410);
    assert.equal(taken.length, 0);
  });

  it('refuses hostile uploads in the words of the agent, keeps nothing of them, and is spent', async () => {
    taken.length = 0;
    const { prepared } = files;
    const huge = Buffer.concat([prepared, Buffer.alloc(5_000_000, 0x20), files.increment]);
    for (const [upload, says] of [
      [onePage({ pages: '/Other true' }), /không phải tệp đã chuẩn bị/],
      [signedFile().subarray(0, prepared.length + 100), /thiếu phần cuối/],
      [prepared, /chưa có chữ ký mới/],
      [Buffer.concat([prepared, files.filled]), /không có chữ ký số/],
      [huge, /./],
    ] as const) {
      const token = await pass('bring');
      const { status, body } = await bring(token, upload);
      assert.equal(status, 200);
      assert.equal(body.Status, false);
      assert.match(body.Message, says);
      assert.equal((await bring(token, signedFile())).body.Status, false, 'a wrong upload is no free try');
    }
    assert.equal((await bring(await pass('bring'), signedFile(), 'another')).body.Status, false);
    assert.equal(taken.length, 0);
  });

  it('is kept as a hash only, and stands in no log', async () => {
    const token = await pass('fetch');
    await (await fetchFile(token)).arrayBuffer();
    assert.ok(edge.lines.length > 0 && edge.lines.every(line => !line.includes(token)));
    const { rows } = await sql<{ text: string }>`select p::text as text from signing_agent_pass p`.execute(
      hub.db,
    );
    assert.ok(rows.length > 0 && rows.every(({ text }) => !text.includes(token)));
  });

  it('stands in what the page sends to the agent, which is told nothing else', () => {
    const tokens = { fetchToken: 'F'.repeat(43), bringToken: 'B'.repeat(43) };
    const leader = agentCall('https://hub.example.vn', tokens);
    assert.equal(leader.socket, 'wss://127.0.0.1:8987/SignApproved');
    assert.deepEqual(leader.request, {
      FileUploadHandler: `https://hub.example.vn/api/v1/signing/agent/uploads/${tokens.bringToken}`,
      SessionId: '',
      JWTToken: '',
      FileName: `https://hub.example.vn/api/v1/signing/agent/files/${tokens.fetchToken}`,
    });
    const clerk = agentCall('https://hub.example.vn', tokens, { number: '12/QĐ-UBND', date: '2026-03-02' });
    assert.equal(clerk.socket, 'wss://127.0.0.1:8987/SignIssued');
    assert.equal(clerk.request.DocNumber, '12/QĐ-UBND');
    assert.equal(clerk.request.IssuedDate, '2026-03-02T00:00:00+07:00');
  });
});
