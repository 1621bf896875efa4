import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { findImport, leaseImport, readRows, saveMapping } from '#hub/intake/imports/import-store.ts';
import { LostLease, processImport } from '#hub/intake/imports/process-import.ts';
import { receiveImport } from '#hub/intake/imports/receive-import.ts';
import createIntake from '#hub/intake/intake.service.ts';
import type { Call } from '#hub/platform/calls.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const noHrSoftware: Part = {
  name: 'connectors',
  actions: {
    'connectors.invoke': async () => ({ ok: true, result: { changes: [], more: false }, durationMs: 0 }),
  },
};
const boundary = 'lienthong-test';
const contentType = `multipart/form-data; boundary=${boundary}`;

describe('Receiving and resuming imports', () => {
  let hub: TestHub;
  before(async () => {
    hub = await createTestHub([createStaff, createUnits, createIntake], {
      stubs: [noHrSoftware],
      started: false,
    });
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
  });
  after(() => hub.stop());

  const receive = (
    parts: Iterable<Buffer | string> | AsyncIterable<Buffer | string>,
    source = 'spreadsheet',
  ) =>
    receiveImport(hub.context, {
      stream: Readable.from(parts, { objectMode: false }),
      contentType,
      source,
      actor: 'test',
      dryRun: false,
      sheet: undefined,
      language: 'vi',
    });
  const opening = (name: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  const closing = `\r\n--${boundary}--\r\n`;
  const sendCsv = (lines: string[], source?: string) =>
    receive([opening('ds.csv'), lines.join('\n'), closing], source);
  const kept = async () =>
    (
      await sql<{ imports: number; chunks: number }>`select (select count(*)::int from import) imports,
        (select count(*)::int from import_chunk) chunks`.execute(hub.db)
    ).rows[0]!;
  const runToEnd = async (id: string) => {
    const node = createIntake(hub.context);
    await node.start!();
    try {
      return await waitUntil(
        'the import to end',
        async () => {
          const report = (await findImport(hub.db, id))!;
          return report.state === 'done' || report.state === 'failed' ? report : undefined;
        },
        { withinMs: 30_000 },
      );
    } finally {
      await node.stop!();
    }
  };

  it('keeps nothing of a file above 50 MB', async () => {
    const block = Buffer.alloc(1024 * 1024, 'a,b\n');
    const tooMuch = function* () {
      yield opening('lon.csv');
      for (let mb = 0; mb < 51; mb++) yield block;
      yield closing;
    };
    await assert.rejects(receive(tooMuch()), (error: { code?: string }) => error.code === 'too-large');
    assert.deepEqual(await kept(), { imports: 0, chunks: 0 });
  });

  it('keeps nothing of an upload that breaks off, and refuses one without a file', async () => {
    const breaking = async function* () {
      yield opening('dut.csv');
      yield 'Họ và tên,Mã CBCCVC\n'.repeat(40_000);
      throw new Error('the client is gone');
    };
    await assert.rejects(receive(breaking()), (error: { code?: string }) => error.code === 'malformed-body');
    await assert.rejects(
      receive([`--${boundary}--\r\n`]),
      (error: { code?: string }) => error.code === 'malformed-body',
    );
    assert.deepEqual(await kept(), { imports: 0, chunks: 0 });
  });

  it('finishes on another node what a killed one had begun: every row once, every person once', async () => {
    const count = 1200;
    const lines = Array.from(
      { length: count },
      (_, nr) =>
        `Lý Văn Tiếp,${1 + (nr % 28)}/${1 + (nr % 12)}/${1960 + (nr % 37)},0460700${10_000 + nr},${String(20_000 + nr).padStart(8, '0')},Thành phố Huế`,
    );
    const id = await sendCsv(['Họ và tên,Ngày sinh,Số CCCD,Mã CBCCVC,Đơn vị', ...lines]);
    const job = (await leaseImport(hub.db, 30))!;
    assert.equal(job.id, id);
    let applied = 0;
    // Dies when the second batch is in the register and not yet in the report.
    const call = (async (name: never, params: never) => {
      const answer = await hub.call(name, params);
      if (name === 'staff.apply' && ++applied === 2) throw new Error('killed');
      return answer;
    }) as unknown as Call;
    await assert.rejects(
      processImport({ ...hub.context, call }, job, () => false),
      /killed/,
    );
    const halfway = (await findImport(hub.db, id))!;
    assert.deepEqual([halfway.state, halfway.counts.created, halfway.people], ['running', 500, 500]);
    const inRegister = async () =>
      (
        await sql<{ people: number; versions: number; events: number }>`select
          (select count(*)::int from staff) people, (select count(*)::int from staff_version) versions,
          (select count(*)::int from event where subject like 'staff/%') events`.execute(hub.db)
      ).rows[0]!;
    assert.equal((await inRegister()).people, 1000);

    await sql`update import set lease_until = now() where id = ${id}::uuid`.execute(hub.db);
    const report = await runToEnd(id);
    assert.deepEqual([report.state, report.counts.created, report.people], ['done', count, count]);
    assert.deepEqual(await inRegister(), { people: count, versions: count, events: count });
    const rows = await readRows(hub.db, { id, after: 0, outcome: undefined, limit: 2000 });
    assert.deepEqual(
      rows.map(({ row }) => row),
      Array.from({ length: count }, (_, nr) => nr + 2),
    );
    assert.equal((await kept()).chunks, 0, 'the file is not kept when it is done');
  });

  it('reports nothing more for a node whose lease another one has taken', async () => {
    const id = await sendCsv(['Họ và tên,Mã CBCCVC,Đơn vị', 'Lý Văn Lỡ,30000001,Thành phố Huế']);
    const late = (await leaseImport(hub.db, -1))!;
    const other = (await leaseImport(hub.db, 30))!;
    assert.deepEqual([late.id, other.id], [id, id]);
    await assert.rejects(
      processImport(hub.context, late, () => false),
      LostLease,
    );
    assert.deepEqual((await findImport(hub.db, id))!.counts, {});
    await sql`update import set lease_until = now() where id = ${id}::uuid`.execute(hub.db);
    assert.deepEqual((await runToEnd(id)).counts, { created: 1 });
  });

  it('reads headings as somebody has explained them for this source', async () => {
    const lines = ['Danh tính,Ký hiệu,Nơi làm', 'Lý Văn Ánh,30000002,Thành phố Huế'];
    const before = await runToEnd(await sendCsv(lines, 'so-noi-vu'));
    assert.equal(before.state, 'failed');
    await saveMapping(
      hub.db,
      'so-noi-vu',
      { 'Danh tính': 'name', 'Ký hiệu': 'code', 'Nơi làm': 'unit' },
      'test',
    );
    const report = await runToEnd(await sendCsv(lines, 'so-noi-vu'));
    assert.deepEqual([report.state, report.counts], ['done', { created: 1 }]);
  });

  describe('with a mapping for one upload', () => {
    const lines = ['Danh tính,Ký hiệu,Nơi làm', 'Lý Văn Êm,30000003,Thành phố Huế'];
    const field = (mapping: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n${mapping}\r\n`;
    const file = (): string => opening('ds.csv') + lines.join('\n');
    const own = { 'DANH TÍNH': 'name', 'Nơi làm': 'unit' };

    it('reads its headings so, over what is saved for the source, wherever the field stands, and only this once', async () => {
      const saved = { 'Danh tính': 'ignored', 'Ký hiệu': 'code' };
      await saveMapping(hub.db, 'mot-lan', saved, 'test');
      const before = [field(JSON.stringify(own)), file(), closing];
      const after = [file(), `\r\n${field(JSON.stringify(own))}`, `--${boundary}--\r\n`];
      assert.deepEqual((await runToEnd(await receive(before, 'mot-lan'))).counts, { created: 1 });
      const again = await runToEnd(await receive(after, 'mot-lan'));
      assert.deepEqual([again.counts, again.columns?.name], [{ unchanged: 1 }, 'Danh tính']);
      assert.equal((await runToEnd(await sendCsv(lines, 'mot-lan'))).state, 'failed');
    });

    it('keeps nothing of the upload when the mapping is wrong, and tells every fault', async () => {
      const before = await kept();
      const problemOf = (mapping: string) =>
        receive([field(mapping), file(), closing]).then(
          () => assert.fail('it was taken'),
          (error: { code: string; faults: { pointer: string; code: string }[] }) => [
            error.code,
            ...error.faults.map(({ pointer, code }) => `${pointer} ${code}`),
          ],
        );
      assert.deepEqual(await problemOf('{"Danh tính":'), ['malformed-body']);
      assert.deepEqual(await problemOf('{"Danh tính\\u0000":"name"}'), ['malformed-body']);
      assert.deepEqual(await problemOf('["name"]'), ['invalid-request', '/mapping wrong-type']);
      assert.deepEqual(await problemOf('{"Danh tính":"ten","Ký hiệu":7}'), [
        'invalid-request',
        '/mapping/Danh tính not-allowed',
        '/mapping/Ký hiệu wrong-type',
        '/mapping/Ký hiệu not-allowed',
      ]);
      assert.deepEqual(await problemOf(JSON.stringify({ ['x'.repeat(70_000)]: 'name' })), ['too-large']);
      assert.deepEqual(await kept(), before);
    });
  });

  it('keeps nothing of an upload whose form has a field that there is not, and names it', async () => {
    const before = await kept();
    const field = `--${boundary}\r\nContent-Disposition: form-data; name="source"\r\n\r\nso-noi-vu\r\n`;
    await assert.rejects(receive([field, opening('ds.csv'), 'Họ và tên', closing]), {
      code: 'invalid-request',
      faults: [{ pointer: '/source', code: 'unknown-form-field' }],
    });
    assert.deepEqual(await kept(), before);
  });

  it('drops what was begun a day ago and never received whole, and nothing younger', async () => {
    const insert = async (hours: number): Promise<string> =>
      (
        await sql<{ id: string }>`insert into import (file_name, source, actor, dry_run, created_at)
          values ('ds.csv', 'test', 'test', false, now() - make_interval(hours => ${hours})) returning id`.execute(
          hub.db,
        )
      ).rows[0]!.id;
    const [old, young] = [await insert(25), await insert(23)];
    await sql`insert into import_chunk (import_id, seq, bytes) values (${old}::uuid, 0, 'x')`.execute(hub.db);
    const node = createIntake(hub.context);
    await node.start!();
    try {
      await waitUntil('the old one to go', async () => (await findImport(hub.db, old)) === undefined, {
        withinMs: 10_000,
      });
    } finally {
      await node.stop!();
    }
    assert.equal((await kept()).chunks, 0);
    assert.equal((await findImport(hub.db, young))?.state, 'receiving');
    await sql`delete from import where id = ${young}::uuid`.execute(hub.db);
  });

  it('converts names in TCVN3 and says so', async () => {
    const names = ['NguyÔn V¨n Hïng', 'TrÇn ThÞ BÝch', 'Lª §×nh ThuËn', 'Ph¹m Ngäc ¸nh'];
    const lines = names.map((name, nr) => `${name},3000010${nr},Thành phố Huế`);
    const id = await sendCsv(['Họ và tên,Mã CBCCVC,Đơn vị', ...lines]);
    assert.deepEqual((await runToEnd(id)).counts, { created: 4, flagged: 4 });
    const [first] = await readRows(hub.db, { id, after: 0, outcome: undefined, limit: 1 });
    assert.ok(first!.report.flags!.includes('decoded-tcvn3'));
    assert.equal((await hub.call('staff.get', { id: first!.report.staffId! })).name, 'Nguyễn Văn Hùng');
  });

  it('names the holder of a code and the row, in the language of the reader', async () => {
    const id = await sendCsv([
      'Họ và tên,Ngày sinh,Mã CBCCVC,Đơn vị',
      'Tạ Văn Lâm,9/9/1979,30000100,Thành phố Huế',
    ]);
    await runToEnd(id);
    const route = hub.parts
      .flatMap(part => part.routes ?? [])
      .find(({ method, path }) => method === 'GET' && path.endsWith('/imports/{id}/rows'))!;
    const { items } = (await route.handle({ params: { id }, query: {}, language: 'vi' } as never)) as {
      items: { row: number; outcome: string; errors: { detail: string }[] }[];
    };
    assert.deepEqual([items[0]!.row, items[0]!.outcome], [2, 'to-decide']);
    assert.match(items[0]!.errors[0]!.detail, /30000100 đang thuộc Nguyễn Văn Hùng \(Thành phố Huế\)/);
  });
});
