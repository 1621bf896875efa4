import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHrRecord } from '#connectors/hr/map-record.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort, HrChange, HrSourcePort } from '#connectors/kit/ports.ts';
import { createHrApp, servicePath } from '#sandbox/hr/hr.ts';
import type { HrPerson } from '#sandbox/hr/hr-person.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';

const credentials = { apiKey: 'khóa & "thử"' };
const context = () => ({ signal: AbortSignal.timeout(10_000) });

const anh: HrPerson = {
  code: '04600777',
  citizenNumber: '046180123456',
  name: 'Đặng Thị Ánh',
  birthDate: '1980-12-31',
  gender: 'female',
  phone: '0234 382 2222',
  unitCode: 'H57.01',
  title: 'Phó Trưởng phòng',
  positions: [{ unitCode: 'H57.02', title: 'Ủy viên', from: '2020-05-01', to: '2025-05-01' }],
  rank: '01.003',
  grade: 2,
  coefficient: 267,
  coefficientFrom: '2023-03-01',
  awards: [{ title: 'Lao động tiên tiến', year: 2022 }],
  disciplines: [{ title: 'Khiển trách', date: '2019-02-28', number: '12/QĐ-SNV' }],
  status: 'active',
  statusFrom: '2010-09-01',
};
const binh: HrPerson = {
  ...anh,
  code: '00000042',
  citizenNumber: '046075000042',
  name: 'Lê Đức Bình',
  birthDate: '1975',
  gender: 'male',
  phone: undefined,
  positions: [],
  awards: [],
  disciplines: [],
  status: 'suspended',
  statusFrom: '2024-01-15',
};

type Answer = { code: string; cursor: string; codes: string[] };

const connect = async (app: RunningApp): Promise<{ source: HrSourcePort; accounts: AccountsPort }> => {
  const settings = { endpoint: `${app.origin}${servicePath}`, ...credentials };
  const { ports } = (await loadConnector('hr', settings)).instance;
  return { source: ports.hrSource!, accounts: ports.accounts! };
};
const actAt = async (app: RunningApp, action: Record<string, unknown>): Promise<Answer> => {
  const answer = await fetch(`${app.origin}/_actions`, { method: 'POST', body: JSON.stringify(action) });
  assert.equal(answer.status, 200, answer.status === 200 ? '' : await answer.text());
  return (await answer.json()) as Answer;
};

describe('the HR software', () => {
  let app: RunningApp;
  let source: HrSourcePort;
  let accounts: AccountsPort;
  const act = (action: Record<string, unknown>): Promise<Answer> => actAt(app, action);
  const since = async (after: string): Promise<HrChange[]> =>
    (await source.pull({ after, limit: 500 }, context())).changes;

  beforeEach(async () => {
    app = await serveApp(createHrApp({ people: [anh, binh], credentials }));
    ({ source, accounts } = await connect(app));
  });
  afterEach(() => app.stop());

  it('tells whole files as HR records', async () => {
    const { changes, cursor, more } = await source.pull({ limit: 10 }, context());
    assert.deepEqual([changes.map(change => change.cursor), cursor, more], [['1', '2'], '2', false]);
    assert.deepEqual(changes[0]?.record, {
      sourceKey: 'NS000001',
      code: '04600777',
      citizenNumber: '046180123456',
      name: 'Đặng Thị Ánh',
      birthDate: '1980-12-31',
      gender: 'female',
      phone: '0234 382 2222',
      status: 'active',
      statusFrom: '2010-09-01',
      positions: [
        { unit: 'H57.01', title: 'Phó Trưởng phòng', main: true },
        { unit: 'H57.02', title: 'Ủy viên', main: false, from: '2020-05-01', to: '2025-05-01' },
      ],
      salary: { rank: '01.003', grade: 2, coefficient: 267, from: '2023-03-01' },
      awards: [{ title: 'Lao động tiên tiến', year: 2022 }],
      disciplines: [{ title: 'Khiển trách', date: '2019-02-28', number: '12/QĐ-SNV' }],
    });
    const { birthDate, birthYear, code, status, phone } = changes[1]?.record ?? ({} as never);
    assert.deepEqual(
      [birthDate, birthYear, code, status, phone],
      [undefined, 1975, '00000042', 'suspended', undefined],
    );
  });

  it('leaves out what it cannot read and keeps the rest', () => {
    const record = toHrRecord({
      MaNhanSu: 'NS1',
      HoTen: '  NGUYỄN   THỊ ÁNH ĐÀO ',
      NgaySinh: '31/02/1980',
      GioiTinh: 'Khác',
      SoCCCD: '123456789',
      MaDonVi: 'H57.01',
      MaNgach: '01.003',
      Bac: 'hai',
      HeSo: '2,34',
      NgayHuong: '01/03/2023',
      TinhTrang: 'NGHỈ VIỆC',
      NgayTinhTrang: '1/4/2024',
      SoDienThoai: '0'.repeat(31),
    });
    assert.deepEqual(record, {
      sourceKey: 'NS1',
      name: 'Nguyễn Thị Ánh Đào',
      positions: [{ unit: 'H57.01', title: '', main: true }],
      status: 'left',
      statusFrom: '2024-04-01',
    });
  });

  it('tells each thing that HR does, under the cursor that HR got', async () => {
    const { code } = anh;
    const steps: [Record<string, unknown>, (record: HrChange['record']) => unknown, unknown][] = [
      [{ action: 'move', unitCode: 'H57.09' }, record => record.positions?.[0]?.unit, 'H57.09'],
      [{ action: 'promote' }, record => record.positions?.[0]?.title, 'Trưởng phòng'],
      [
        { action: 'raise', from: '2026-03-01' },
        record => record.salary,
        { rank: '01.003', grade: 3, coefficient: 300, from: '2026-03-01' },
      ],
      [
        { action: 'award', title: 'Bằng khen', from: '2026-01-02' },
        record => record.awards?.[0],
        { title: 'Bằng khen', date: '2026-01-02' },
      ],
      [{ action: 'discipline', title: 'Cảnh cáo' }, record => record.disciplines?.length, 2],
      [
        { action: 'suspend', from: '2026-05-01' },
        record => [record.status, record.statusFrom],
        ['suspended', '2026-05-01'],
      ],
      [{ action: 'return' }, record => record.status, 'active'],
      [
        { action: 'correct', person: { name: 'Đặng Thị Ánh Tuyết' } },
        record => record.name,
        'Đặng Thị Ánh Tuyết',
      ],
      [{ action: 'leave' }, record => record.status, 'left'],
    ];
    let last = '2';
    for (const [action, read, expected] of steps) {
      const { cursor } = await act({ ...action, code });
      const [change, ...others] = await since(last);
      assert.deepEqual([change?.cursor, others.length], [cursor, 0]);
      assert.equal(change?.record.code, code);
      assert.deepEqual(read(change.record), expected, String(action.action));
      last = cursor;
    }
    // The list keeps every state, not only the last one.
    assert.equal((await since('2'))[0]?.record.positions?.[0]?.title, 'Phó Trưởng phòng');
  });

  it('hires people with a code and a citizen number of their own', async () => {
    const first = await act({ action: 'hire', person: { name: 'Trần Văn Mới', unitCode: 'H57.05' } });
    await act({ action: 'hire' });
    const records = (await since('2')).map(change => change.record);
    assert.equal(records[0]?.name, 'Trần Văn Mới');
    assert.equal(records[0]?.code, first.code);
    assert.equal(new Set(records.map(record => record.citizenNumber)).size, 2);
    assert.equal((await accounts.get(records[0]?.sourceKey as string, context()))?.enabled, false);
  });

  it('tells a thousand changes at once in pages, each once and in order', async () => {
    await act({ action: 'many', kind: 'hire', count: 600 });
    const { codes } = await act({ action: 'many', kind: 'award', count: 400 });
    assert.equal(new Set(codes).size, 400, 'different people in order');
    const cursors: string[] = [];
    let after = '2';
    for (let more = true; more; ) {
      const page = await source.pull({ after, limit: 10_000 }, context());
      assert.ok(page.changes.length <= 500);
      cursors.push(...page.changes.map(change => change.cursor));
      after = page.cursor as string;
      more = page.more;
    }
    assert.deepEqual(
      cursors,
      Array.from({ length: 1000 }, (_, index) => String(index + 3)),
    );
  });

  it('refuses a cursor that it never gave, instead of telling nothing for ever', async () => {
    for (const after of ['99', '-1', 'abc'])
      await assert.rejects(source.pull({ after, limit: 10 }, context()), {
        code: 'refused',
        vendorCode: 'MOC_KHONG_HOP_LE',
      });
  });

  it('takes account name and address back into the file, by id or by code, which is no change of HR', async () => {
    const wanted = {
      staffId: randomUUID(),
      enabled: true,
      code: anh.code,
      username: 'anhdt',
      name: 'Tên khác',
      email: 'anhdt@hue.gov.vn',
    };
    const told = {
      externalId: 'NS000001',
      enabled: true,
      values: { code: anh.code, username: 'anhdt', email: 'anhdt@hue.gov.vn' },
    };
    assert.deepEqual(await accounts.upsert(wanted, context()), told);
    const closed = { ...told, enabled: false, values: { code: anh.code, email: 'anhdt@hue.gov.vn' } };
    assert.deepEqual(await accounts.disable({ externalId: 'NS000001' }, context()), closed);
    assert.deepEqual(await accounts.disable({ externalId: 'cũ', code: anh.code }, context()), closed);
    assert.deepEqual(await since('2'), []);
    await act({ action: 'promote', code: anh.code });
    assert.equal((await since('2'))[0]?.record.name, anh.name);
  });

  it('knows after a restart its changes, its cursors and what was written back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hr-'));
    const journalFile = join(folder, 'journal.jsonl');
    const start = () => serveApp(createHrApp({ people: [anh, binh], credentials, journalFile }));
    const account = { staffId: randomUUID(), enabled: true, code: binh.code, username: 'binhld', name: '' };
    let running = await start();
    try {
      await actAt(running, { action: 'hire' });
      await (await connect(running)).accounts.upsert(account, context());
      const all = await (await connect(running)).source.pull({ limit: 100 }, context());
      await running.stop();
      running = await start();
      const again = await connect(running);
      assert.deepEqual(await again.source.pull({ limit: 100 }, context()), all);
      assert.equal((await again.accounts.get('NS000002', context()))?.values.username, 'binhld');
      assert.equal((await actAt(running, { action: 'hire' })).cursor, '4');
    } finally {
      await running.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
