import assert from 'node:assert/strict';
import { type PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import exceljs from 'exceljs';
import { findImport } from '#hub/intake/imports/import-store.ts';
import { receiveImport } from '#hub/intake/imports/receive-import.ts';
import { showCell } from '#hub/intake/imports/show-cell.ts';
import createIntake from '#hub/intake/intake.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Reply } from '#hub/platform/http/route.ts';
import type { Part } from '#hub/platform/part.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { ImportReport, RowReport } from '#schemas/intake.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const noHrSoftware: Part = {
  name: 'connectors',
  actions: {
    'connectors.invoke': async () => ({ ok: true, result: { changes: [], more: false }, durationMs: 0 }),
  },
};
const xlsx = '/errors.xlsx';

describe('What a clerk reads of an import', () => {
  let hub: TestHub;
  before(async () => {
    hub = await createTestHub([createStaff, createUnits, createIntake], { stubs: [noHrSoftware] });
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
  });
  after(() => hub.stop());

  const send = async (file: string | Buffer, fileName = 'ds.csv'): Promise<ImportReport> => {
    const form = new FormData();
    form.append('file', new Blob([file as never]), fileName);
    const request = new Response(form);
    const id = await receiveImport(hub.context, {
      stream: Readable.fromWeb(request.body as never),
      contentType: request.headers.get('content-type')!,
      source: 'spreadsheet',
      actor: 'test',
      dryRun: false,
      sheet: undefined,
      language: 'vi',
    });
    const end = async () => {
      const report = await findImport(hub.db, id);
      return report?.state === 'done' || report?.state === 'failed' ? report : undefined;
    };
    return waitUntil('the import to end', end, { withinMs: 30_000 }) as Promise<ImportReport>;
  };
  const routeOf = (end: string) =>
    hub.parts
      .flatMap(part => part.routes ?? [])
      .find(({ method, path }) => method === 'GET' && path.endsWith(end))!;
  const rowsOf = async (id: string, query: object = {}): Promise<RowReport[]> => {
    const request = { params: { id }, query, language: 'vi' } as never;
    return ((await routeOf('/imports/{id}/rows').handle(request)) as { items: RowReport[] }).items;
  };
  const reasonOf = (row: RowReport | undefined): string => String(row?.errors?.[0]?.detail);
  const refusedBook = async (id: string): Promise<Buffer> =>
    buffer(((await routeOf(xlsx).handle({ params: { id } } as never)) as Reply).body as PassThrough);

  it('leaves correct names as they are beside one cell in TCVN3, and shows what was converted', async () => {
    const names = ['Phan Thanh Tùng', 'Lê Thanh Hà', 'Phan Lê Vân', 'Cao Minh Trí', 'Nguyễn Văn Hậu'];
    const lines = [...names, 'NguyÔn ThÞ H»ng'].map(
      (name, nr) => `${name},${nr + 1}/3/1981,7100000${nr},Thành phố Huế`,
    );
    const { id, counts } = await send(['Họ và tên,Ngày sinh,Mã CBCCVC,Đơn vị', ...lines].join('\n'));
    assert.deepEqual(counts, { created: 6, flagged: 1 });
    const rows = await rowsOf(id);
    const kept = await Promise.all(rows.map(({ staffId }) => hub.call('staff.get', { id: staffId! })));
    assert.deepEqual(
      kept.map(({ name }) => name),
      [...names, 'Nguyễn Thị Hằng'],
    );
    assert.deepEqual(
      rows.map(({ name }) => name),
      [...names, 'Nguyễn Thị Hằng'],
    );
    const flagged = await rowsOf(id, { flagged: 'true' });
    assert.deepEqual(
      flagged.map(({ row, flags }) => [row, flags]),
      [[7, ['decoded-tcvn3']]],
    );
    assert.match(flagged[0]!.notes![0]!, /Xin xem lại\. Họ và tên: “NguyÔn ThÞ H»ng” → “Nguyễn Thị Hằng”\.$/);
  });

  it('converts a column in TCVN3 below a heading in Unicode', async () => {
    const lines = ['TrÇn V¨n H¶i', 'Cao Dòng', 'Mai Nam'].map(
      (name, nr) => `${name},7110000${nr},Thành phố Huế`,
    );
    const { id } = await send(['Danh sách cán bộ', 'Họ và tên,Mã CBCCVC,Đơn vị', ...lines].join('\n'));
    assert.deepEqual(
      (await rowsOf(id)).map(({ name, outcome }) => [name, outcome]),
      [
        ['Trần Văn Hải', 'created'],
        ['Cao Dũng', 'created'],
        ['Mai Nam', 'created'],
      ],
    );
  });

  it('counts people apart from rows of the sheet', async () => {
    const { people, rowsDone } = await send(
      'UBND TỈNH\nDANH SÁCH\nHọ và tên,Mã CBCCVC,Đơn vị\nLý Văn Một,71200001,Thành phố Huế\nLý Văn Hai,71200002,Thành phố Huế\n',
    );
    assert.deepEqual([people, rowsDone], [2, 5]);
  });

  it('tells two people with one code from one person in two rows', async () => {
    const { id } = await send(
      [
        'Họ và tên,Ngày sinh,Số CCCD,Mã CBCCVC,Đơn vị',
        'Trần Văn Hùng,05/07/1979,046079000091,91000002,Thành phố Huế',
        'Lê Thị Hoa,01/02/1985,046185000092,91000002,Thành phố Huế',
        'Trần Văn Hùng,05/07/1979,046079000091,91000002,Thành phố Huế',
        'Trần Văn Hùng,06/07/1979,,91000002,Thành phố Huế',
        'Đỗ Thị Lan,01/02/1985,046079000091,91000003,Thành phố Huế',
      ].join('\n'),
    );
    const reasons = (await rowsOf(id)).slice(1).map(reasonOf);
    const otherCode =
      'Mã 91000002 trùng với dòng 2 của tệp gốc (Trần Văn Hùng, 05/07/1979). ' +
      'Nếu là hai người khác nhau, hãy sửa mã; nếu là một người, hãy giữ lại một dòng.';
    assert.deepEqual(reasons.slice(0, 3), [
      otherCode,
      'Người này đã có ở dòng 2 của tệp gốc. Hãy giữ lại một dòng.',
      otherCode,
    ]);
    assert.match(reasons[3]!, /^Số căn cước trùng với dòng 2 của tệp gốc \(Trần Văn Hùng, 05\/07\/1979\)/);
    assert.ok(!reasons[3]!.includes('046079000091'));
  });

  it('gives refused rows back with the row of the file that was sent, and takes them again without doubling', async () => {
    const first = await send(
      'Họ và tên,Ngày sinh,Mã CBCCVC,Đơn vị\nĐào Thị Mơ,31/02/1980,71300001,Thành phố Huế\n',
    );
    const read = async (book: Buffer) => {
      const loaded = new exceljs.Workbook();
      await loaded.xlsx.load(book as never);
      const sheet = loaded.worksheets[0]!;
      return [1, 2].map(nr => (sheet.getRow(nr).values as unknown[]).slice(1));
    };
    const book = await refusedBook(first.id);
    const columns = ['Dòng trong tệp gốc', 'Lý do', 'Họ và tên', 'Ngày sinh', 'Mã CBCCVC', 'Đơn vị'];
    const cells = ['Đào Thị Mơ', '31/02/1980', '71300001', 'Thành phố Huế'];
    const [heading, row] = await read(book);
    assert.deepEqual(heading, columns);
    assert.deepEqual([row![0], ...row!.slice(2)], [2, ...cells]);
    const second = await send(book, 'sua.xlsx');
    assert.deepEqual([second.counts, second.unknownColumns], [{ refused: 1 }, []]);
    const again = await read(await refusedBook(second.id));
    assert.deepEqual([again[0], again[1]!.slice(2)], [columns, cells]);
  });

  it('names the units that an unknown one may be, with their codes', async () => {
    const { id } = await send(
      [
        'Họ và tên,Mã CBCCVC,Đơn vị',
        'Lý Văn Ba,71400001,Phú Thuận',
        'Lý Văn Bốn,71400002,Phường Phú Nhuậnn',
        'Lý Văn Năm,71400003,Sở Không Có',
      ].join('\n'),
    );
    const [near, misspelt, far] = (await rowsOf(id)).map(reasonOf);
    assert.match(near!, /«Phú Thuận»\. Có phải là: .*Phường Phú Thuận, Thành phố Huế \(19\d+\)/);
    assert.match(misspelt!, /Có phải là: Phường Phú Nhuận, Thành phố Huế \(/);
    assert.match(far!, /^Không tìm thấy đơn vị «Sở Không Có»\. Hãy kiểm tra tên/);
  });

  it('warns of a salary that the rank does not know, and takes the row', async () => {
    const { id, counts } = await send(
      [
        'Họ và tên,Mã CBCCVC,Đơn vị,Mã ngạch,Bậc,Hệ số,Ngày hưởng',
        'Lý Văn Sáu,71500001,Thành phố Huế,01.003,10,"9,99",01/01/2020',
        'Lý Văn Bảy,71500002,Thành phố Huế,01.003,3,"3,00",01/01/2020',
        'Lý Văn Tám,71500003,Thành phố Huế,01.003,3,"3,33",01/01/2020',
        'Lý Văn Chín,71500004,Thành phố Huế,99.999,3,"9,99",01/01/2020',
      ].join('\n'),
    );
    assert.deepEqual(counts, { created: 4, flagged: 2 });
    const flagged = await rowsOf(id, { flagged: 'true' });
    assert.deepEqual(
      flagged.map(({ row }) => row),
      [2, 4],
    );
    assert.deepEqual(flagged[0]!.notes, [
      'Ngạch 01.003 hưởng bảng lương A1 (bậc 1 đến 9, hệ số 2,34 đến 4,98): bậc 10 với hệ số 9,99 không khớp. Xin xem lại.',
    ]);
  });

  it('shows codes before and after their zeros came back, and no citizen number', async () => {
    const book = new exceljs.Workbook();
    const sheet = book.addWorksheet('ds');
    sheet.addRow(['Họ và tên', 'Số CCCD', 'Mã CBCCVC', 'Đơn vị']);
    sheet.addRow(['Lý Văn Mười', 46081000777, 160077, 'Thành phố Huế']);
    const { id } = await send(Buffer.from(await book.xlsx.writeBuffer()), 'ds.xlsx');
    const [row] = await rowsOf(id);
    const note = row!.notes![row!.flags!.indexOf('leading-zeros-restored')]!;
    assert.match(note, /Ô Số CCCD\..*Mã CBCCVC: “160077” → “00160077”\./);
    assert.ok(!JSON.stringify(row).includes('46081000777'));
  });

  it('shows nothing that the database cannot keep, and no essays', () => {
    assert.equal(showCell('a\0b\ud800'), 'ab\ufffd');
    assert.equal(showCell('😀'.repeat(200)).isWellFormed(), true);
    assert.equal(showCell('x'.repeat(30_000)).length, 200);
    assert.equal(showCell(new Date('1980-02-01')), '01/02/1980');
    assert.deepEqual([{ day: '1980-02-01' }, { year: 1980 }].map(showCell), ['01/02/1980', '1980']);
  });

  it('says which columns a heading lacks without contradicting itself', async () => {
    const { error } = await send('Tên gọi đầy đủ,Đơn vị,Chức vụ\nA,Thành phố Huế,B\n');
    assert.equal(
      error!.detail,
      'Không tìm thấy dòng tiêu đề, hoặc dòng tiêu đề còn thiếu: Họ và tên; ít nhất một trong các cột Số CCCD, Mã CBCCVC, ' +
        'Ngày sinh. Hãy thêm hoặc đặt lại tên cột như bảng mẫu rồi gửi lại.',
    );
  });
});
