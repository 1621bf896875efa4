import assert from 'node:assert/strict';
import { type PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import exceljs from 'exceljs';
import { sql } from 'kysely';
import { findImport, readRows } from '#hub/intake/imports/import-store.ts';
import { receiveImport } from '#hub/intake/imports/receive-import.ts';
import createIntake from '#hub/intake/intake.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Reply, RouteRequest } from '#hub/platform/http/route.ts';
import type { Part } from '#hub/platform/part.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { ImportReport } from '#schemas/intake.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const noHrSoftware: Part = {
  name: 'connectors',
  actions: {
    'connectors.invoke': async () => ({ ok: true, result: { changes: [], more: false }, durationMs: 0 }),
  },
};

const headings = [
  'STT',
  'HỌ VÀ TÊN',
  'Ngày sinh',
  'Giới tính',
  'Số CCCD',
  'Mã CBCCVC',
  'Đơn vị',
  'Chức vụ',
  'Mã ngạch',
  'Bậc',
  'Hệ số',
  'Ngày hưởng',
];

const workbook = async (rows: unknown[][]): Promise<Buffer> => {
  const book = new exceljs.Workbook();
  const sheet = book.addWorksheet('Danh sách');
  sheet.addRow(['DANH SÁCH CÁN BỘ, CÔNG CHỨC']);
  sheet.addRow(headings);
  for (const row of rows) sheet.addRow(row);
  return Buffer.from(await book.xlsx.writeBuffer());
};

describe('Importing a spreadsheet', () => {
  let hub: TestHub;
  before(async () => {
    hub = await createTestHub([createStaff, createUnits, createIntake], { stubs: [noHrSoftware] });
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
  });
  after(() => hub.stop());

  const send = async (file: Buffer, dryRun = false, name = 'ds.xlsx'): Promise<ImportReport> => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(file)]), name);
    const request = new Response(form);
    const id = await receiveImport(hub.context, {
      stream: Readable.fromWeb(request.body as never),
      contentType: request.headers.get('content-type')!,
      source: 'spreadsheet',
      actor: 'test',
      dryRun,
      sheet: undefined,
      language: 'vi',
    });
    return waitUntil(
      'the import to end',
      async () => {
        const report = await findImport(hub.db, id);
        return report?.state === 'done' || report?.state === 'failed' ? report : undefined;
      },
      { withinMs: 30_000 },
    ) as Promise<ImportReport>;
  };
  const rowsOf = async (id: string) =>
    (await readRows(hub.db, { id, after: 0, outcome: undefined, limit: 1000 })).map(({ report }) => report);

  it('digests what provinces have, and tells for every row what became of it', async () => {
    const report = await send(
      await workbook([
        [
          1,
          'NGUYỄN  VĂN AN',
          '03/02/1980',
          'Nam',
          '046080000001',
          '00000101',
          'Thanh pho Hue',
          'Chuyên viên',
          '01.003',
          3,
          '3,00',
          '01/01/2020',
        ],
        [
          2,
          'Trần Thị Bình'.normalize('NFD'),
          new Date(Date.UTC(1985, 4, 6)),
          'nữ',
          46185000002,
          '00000102',
          'Huyện Phú Lộc',
          'Chuyên viên',
        ],
        [3, 'Lê Văn Cường', 1990, 'Nam', '046090000003', '00000103', 'Xã Hương Phong', 'Chuyên viên'],
        [4, 'Lê Văn Dũng', '03/02/2090', 'Nam', '046090000004', '00000104', 'Thành phố Huế', ''],
        [5, 'Nguyễn Văn An', '03/02/1980', 'Nam', '046080000001', '00000101', 'Thành phố Huế', ''],
        [6, 'Hồ Thị Giang', '1/1/1991', 'Nữ', '046191000006', '00000106', 'Sở Không Có', ''],
        [
          7,
          'Võ Văn Hải',
          '2/2/1992',
          'Nam',
          '046092000007',
          '00000107',
          'Xã Hương Phong, huyện A Lưới',
          '=1+1',
        ],
      ]),
    );
    assert.equal(report.state, 'done', JSON.stringify(report));
    const rows = await rowsOf(report.id);
    assert.deepEqual(
      rows.map(({ row, outcome, errors }) => [row, outcome, errors?.[0]?.code]),
      [
        [3, 'created', undefined],
        [4, 'created', undefined],
        [5, 'refused', 'ambiguous-unit'],
        [6, 'refused', 'birth-date-in-future'],
        [7, 'refused', 'duplicate-in-file'],
        [8, 'refused', 'unknown-unit'],
        [9, 'created', undefined],
      ],
    );
    assert.deepEqual(report.counts, { created: 3, refused: 4, flagged: 3 });
    assert.deepEqual([report.people, report.rowsDone], [7, 9]);
    for (const at of [report.createdAt, report.finishedAt!])
      assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(rows[1]!.flags?.includes('leading-zeros-restored'));
    const { items } = await hub.call('staff.search', { q: 'nguyen van an' });
    assert.deepEqual(
      [items[0]!.name, items[0]!.coefficient, items[0]!.unitName],
      ['Nguyễn Văn An', 300, 'Thành phố Huế'],
    );
  });

  it('changes nothing in a dry run and tells the same', async () => {
    const file = await workbook([
      [1, 'Phan Văn Khánh', '1/1/1980', 'Nam', '046080000050', '00000150', 'Thành phố Huế', ''],
    ]);
    assert.deepEqual((await send(file, true)).counts, { created: 1 });
    assert.equal((await hub.call('staff.search', { q: 'Phan Văn Khánh' })).items.length, 0);
    assert.deepEqual((await send(file)).counts, { created: 1 });
    assert.deepEqual((await send(file)).counts, { unchanged: 1 });
  });

  it('names the holder when a code is held by somebody else', async () => {
    const file = await workbook([
      [1, 'Tạ Văn Lâm', '9/9/1979', 'Nam', '046079000060', '00000101', 'Thành phố Huế', ''],
    ]);
    const [row] = await rowsOf((await send(file)).id);
    assert.ok(row!.outcome === 'to-decide' || /Nguyễn Văn An/.test(String(row!.errors?.[0]?.params?.holder)));
  });

  it('gives the refused rows back as a workbook with the reason in Vietnamese', async () => {
    const report = await send(
      await workbook([
        [1, 'Đào Thị Mơ', '31/02/1980', 'Nữ', '046180000070', '00000170', 'Thành phố Huế', ''],
      ]),
    );
    const route = hub.parts
      .flatMap(part => part.routes ?? [])
      .find(({ path }) => path.endsWith('/errors.xlsx'))!;
    const reply = (await route.handle({ params: { id: report.id } } as unknown as RouteRequest)) as Reply;
    const book = new exceljs.Workbook();
    await book.xlsx.load((await buffer(reply.body as PassThrough)) as never);
    const row = book.worksheets[0]!.getRow(2);
    assert.equal(row.getCell(1).value, 3);
    assert.match(String(row.getCell(2).value), /ngày/i);
    assert.ok(JSON.stringify(row.values).includes('Đào Thị Mơ'));
  });

  it('says what is wrong with a file that is no spreadsheet', async () => {
    const report = await send(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), false, 'cu.xls');
    assert.equal(report.state, 'failed');
    assert.equal((report.error as { code: string }).code, 'old-xls');
  });

  it('reports every row of a long file once', async () => {
    const rows = Array.from({ length: 1200 }, (_, nr) => [
      nr + 1,
      'Lý Văn Tiếp',
      '1/1/1970',
      'Nam',
      `0460700${String(10000 + nr)}`,
      String(20000 + nr).padStart(8, '0'),
      'Thành phố Huế',
      '',
    ]);
    const report = await send(await workbook(rows), true);
    assert.deepEqual(report.counts, { created: 1200 });
    const { rows: counted } = await sql<{
      n: number;
    }>`select count(*)::int n from import_row where import_id = ${report.id}::uuid`.execute(hub.db);
    assert.equal(counted[0]!.n, 1200);
  });
});
