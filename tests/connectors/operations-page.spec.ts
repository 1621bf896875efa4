import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import {
  type CanBo,
  fromCanBo,
  fromVendorCoefficient,
  toCanBo,
  toVendorCoefficient,
} from '#connectors/operations-page/mapping.ts';
import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import { createOperationsPage } from '#sandbox/operations-page/operations-page.ts';
import type { DesiredAccount } from '#schemas/account.ts';

const context = () => ({ signal: AbortSignal.timeout(5000) });
const apiKey = 'key-of-the-operations-page';
const person: DesiredAccount = {
  staffId: randomUUID(),
  enabled: true,
  code: 'H57.999',
  username: 'ha.tt',
  name: 'Trần Thị Hà',
  birthDate: '1980-12-31',
  gender: 'female',
  coefficient: 234,
  coefficientFrom: '2024-02-29',
};
const accountsAt = async (baseUrl: string): Promise<AccountsPort> =>
  (await loadConnector('operations-page', { baseUrl, apiKey })).instance.ports.accounts!;

describe('the operations page’s mapping', () => {
  it('writes days as dd/MM/yyyy, the coefficient as text, gender in Vietnamese, and nothing that is absent', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(toCanBo(person))), {
      maCbccvc: 'H57.999',
      tenDangNhap: 'ha.tt',
      hoTen: 'Trần Thị Hà',
      trangThai: 'HOAT_DONG',
      ngaySinh: '31/12/1980',
      gioiTinh: 'Nữ',
      heSo: '2.34',
      ngayHuong: '29/02/2024',
    });
  });

  it('turns every coefficient there and back', () => {
    for (let hundredths = 0; hundredths <= 2000; hundredths += 1)
      assert.equal(fromVendorCoefficient(toVendorCoefficient(hundredths)), hundredths);
    assert.equal(fromVendorCoefficient('2,3'), 230);
    assert.equal(fromVendorCoefficient('3'), 300);
    for (const odd of ['', 'abc', '2.345', '-1.00']) assert.equal(fromVendorCoefficient(odd), undefined);
  });

  it('lets own expressions fill vendor fields, but never the keys and the state', () => {
    const row = toCanBo({ ...person, extra: { ghiChu: 'x', trangThai: 'KHOA', maCbccvc: 'y', hoTen: 'Z' } });
    assert.deepEqual(
      [row.ghiChu, row.trangThai, row.maCbccvc, row.hoTen],
      ['x', 'HOAT_DONG', 'H57.999', 'Z'],
    );
  });

  it('reads a row with odd values: they differ from the register instead of stopping the listing', () => {
    const row: CanBo = {
      id: '1',
      maCbccvc: 'H57.1',
      tenDangNhap: 'a',
      hoTen: 'A',
      trangThai: 'KHOA',
      ngaySinh: '31/02/1980',
      gioiTinh: 'khác',
      heSo: 'n/a',
      thuDienTu: null,
    };
    assert.deepEqual(fromCanBo(row), {
      externalId: '1',
      enabled: false,
      values: { code: 'H57.1', username: 'a', name: 'A', birthDate: '31/02/1980', gender: 'khác' },
    });
  });
});

describe('the operations page’s connector', () => {
  let server: Server;
  let baseUrl: string;
  let reply: (url: string, method: string) => { status?: number; body: unknown };
  beforeEach(async () => {
    server = createServer((request, response) => {
      const { status = 200, body } = reply(request.url!, request.method!);
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  it('names what the page refuses with status 200', async () => {
    const accounts = await accountsAt(baseUrl);
    for (const [vendorCode, code] of [
      ['KHONG_XAC_THUC', 'unauthorised'],
      ['KHONG_CO_QUYEN', 'unauthorised'],
      ['TRUNG_TEN_DANG_NHAP', 'conflict'],
      ['DU_LIEU_KHONG_HOP_LE', 'refused'],
      ['HE_THONG_BAN', 'unavailable'],
      ['QUA_NHIEU_YEU_CAU', 'rate-limited'],
      ['MA_LOI_LA', 'refused'],
    ]) {
      reply = () => ({ body: { success: false, code: vendorCode, message: 'Trần Thị Hà', truong: 'hoTen' } });
      await assert.rejects(accounts.list({ limit: 1 }, context()), (error: Error) => {
        assert.doesNotMatch(error.message, /Trần/, 'the vendor’s words stay out');
        assert.match(error.message, /hoTen/);
        return Object.is((error as unknown as { code: string }).code, code);
      });
    }
  });

  it('takes a 404 without the envelope for a wrong address: nobody is created for it', async () => {
    const calls: string[] = [];
    reply = (_url, method) => {
      calls.push(method);
      return { status: 404, body: '<h1>404</h1>' };
    };
    const accounts = await accountsAt(baseUrl);
    await assert.rejects(accounts.get('1', context()), { code: 'unexpected-answer' });
    await assert.rejects(accounts.upsert(person, context()), { code: 'unexpected-answer' });
    assert.deepEqual(calls, ['GET', 'GET']);
  });

  it('names a row that lacks what it must have, by its place and not its value', async () => {
    reply = () => ({
      body: { success: true, data: { tongSo: 1, danhSach: [{ id: '1', hoTen: 'Trần Thị Hà' }] } },
    });
    await assert.rejects((await accountsAt(baseUrl)).list({ limit: 1 }, context()), (error: Error) => {
      assert.match(error.message, /danhSach\/0/);
      return !error.message.includes('Trần');
    });
  });

  it('ends the listing when the page says a total that it does not hold', async () => {
    reply = () => ({ body: { success: true, data: { tongSo: 1000, danhSach: [] } } });
    assert.deepEqual(await (await accountsAt(baseUrl)).list({ limit: 10 }, context()), { items: [] });
  });
});

describe('the operations page, played', () => {
  it('keeps its changes across a restart, and refuses what the real page refuses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-page-'));
    const start = {
      accounts: contractAccounts(5),
      journalFile: join(folder, 'operations-page.jsonl'),
      credentials: { apiKey },
    };
    try {
      let app = await serveApp(createOperationsPage(start));
      let accounts = await accountsAt(app.origin);
      const made = await accounts.upsert(person, context());
      await accounts.disable({ externalId: '1000' }, context());
      await assert.rejects(
        accounts.upsert({ ...person, externalId: made.externalId, birthDate: '1980-02-31' }, context()),
        { code: 'refused', vendorCode: 'DU_LIEU_KHONG_HOP_LE' },
      );
      await app.stop();
      app = await serveApp(createOperationsPage(start));
      accounts = await accountsAt(app.origin);
      assert.deepEqual(await accounts.get(made.externalId, context()), made);
      assert.equal((await accounts.get('1000', context()))?.enabled, false);
      const held = await (await fetch(`${app.origin}/_state/accounts`)).json();
      assert.deepEqual(
        (held as { code: string }[]).find(({ code }) => code === person.code),
        { ...fromState(person), externalId: made.externalId },
      );
      await app.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const fromState = ({ staffId: _id, ...values }: DesiredAccount) => ({ ...values, awards: [] });
