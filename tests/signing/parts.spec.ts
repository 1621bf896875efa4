import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { inTransaction } from '#hub/platform/database.ts';
import { insertRequest } from '#hub/signing/new-request-store.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { appendParts, type FileFormat, findRequests } from '#hub/signing/request-store.ts';
import { signingFact } from '#hub/signing/tell.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('The parts of a file', () => {
  let hub: TestHub;
  before(async () => {
    hub = await createTestHub([]);
  });
  after(() => hub.stop());

  const make = async (format: FileFormat, file: Buffer, increment = Buffer.alloc(0)): Promise<string> => {
    const request = {
      id: randomUUID(),
      appId: 'portal',
      actor: 'test',
      documentId: 'VB-1',
      title: 'Tờ trình',
      documentType: null,
    };
    const hash = createHash('sha256').update(file).digest();
    await insertRequest(
      hub.db,
      {
        ...{ ...request, fileName: 'a', format, putBack: false, batchId: undefined, dueAt: undefined },
        ...{ asked: randomBytes(32), original: hash, current: hash, file, increment, steps: [] },
      },
      { ...signingFact('signing.received', 'test', request), subjectVersion: 1 },
    );
    return request.id;
  };
  const append = (additions: Parameters<typeof appendParts>[1]) =>
    inTransaction(hub.db, tx => appendParts(tx, additions));
  const show = async (id: string) => {
    const [request] = await findRequests(hub.db, [id]);
    return { file: await readFile(hub.db, request!), hash: request!.current };
  };

  it('are one after the other what a PDF is, byte for byte, and its hash follows', async () => {
    const [file, fields, signature] = [randomBytes(200_001), randomBytes(30), randomBytes(60_000)];
    const id = await make('pdf', file, fields);
    assert.deepEqual((await show(id)).file, Buffer.concat([file, fields]));
    await append([{ requestId: id, base: 2, bytes: signature }]);
    const whole = Buffer.concat([file, fields, signature]);
    assert.deepEqual(await show(id), { file: whole, hash: sha256(whole) });
  });

  it('are of XML the whole each time, and stand beside any other file', async () => {
    const [before, signed] = [Buffer.from('<a/>'), Buffer.from('<a>signed</a>')];
    const [xml, other] = [await make('xml', before), await make('other', before)];
    await append([xml, other].map(requestId => ({ requestId, base: 1, bytes: signed })));
    assert.deepEqual(await show(xml), { file: signed, hash: sha256(signed) });
    assert.deepEqual(await show(other), { file: before, hash: sha256(before) });
  });

  it('are refused all together when one follows other parts than those that are there', async () => {
    const [one, two] = [await make('pdf', randomBytes(10)), await make('pdf', randomBytes(10))];
    const bytes = randomBytes(5);
    const both = [
      { requestId: one, base: 1, bytes },
      { requestId: two, base: 2, bytes },
    ];
    await assert.rejects(append(both), /other parts/);
    assert.equal((await show(one)).file.length, 10);
  });
});
