import assert from 'node:assert/strict';
import { department, type Exchange, office, outside, startExchange, vanBan } from './start-exchange.ts';

interface Told {
  TuDonVi: { MaDinhDanh: string };
  MaTinhTrang: string;
}
interface Arrived {
  VanBan: { MaDinhDanhVanBan: string; TrichYeu: string; Tep: { TenTep: string; NoiDung: string }[] };
  DonViNhan: string[];
  lan: number;
}

describe('A document issued in the document system', function () {
  this.timeout(30_000);
  let exchange: Exchange;
  before(async () => {
    exchange = await startExchange();
  });
  after(() => exchange?.stop());
  const documentId = String(vanBan().MaDinhDanhVanBan);
  const codesOf = (told: Told[], organId: string): string[] =>
    told.filter(({ TuDonVi }) => TuDonVi.MaDinhDanh === organId).map(one => one.MaTinhTrang);

  it('arrives at a unit inside and at an organisation outside, and both statuses come back to it', async () => {
    await exchange.act('document-system', { action: 'issue', document: vanBan() });
    const [arrived] = await exchange.until<Arrived>('document-system', 'incoming', all => all.length === 1);
    assert.deepEqual(arrived!.DonViNhan, [department.code2020]);
    assert.equal(arrived!.VanBan.TrichYeu, 'V/v nâng bậc lương & phụ cấp');
    assert.deepEqual(
      arrived!.VanBan.Tep.map(({ TenTep, NoiDung }) => [TenTep, NoiDung]),
      [
        ['Quyết định 12.pdf', 'JVBERi0xLjQ='],
        ['Phụ lục.xlsx', 'YmFuZw=='],
      ],
    );
    const delivered = await exchange.until('document-axis', 'delivered', all => all.length === 1);
    assert.deepEqual(
      delivered.map(({ to, fromOrgan, documentId: id, files }) => [to, fromOrgan, id, files]),
      [[outside, office.organId, documentId, ['Quyết định 12.pdf', 'Phụ lục.xlsx']]],
    );
    await exchange.act('document-system', {
      action: 'process',
      status: {
        TuDonVi: { MaDinhDanh: department.organId, TenDonVi: 'Sở TT&TT' },
        VeDonVi: office.organId,
        MaDinhDanhVanBan: documentId,
        MaTinhTrang: '03',
        NoiDung: 'Đã vào sổ',
        ThoiDiem: '2026-03-01T03:00:00Z',
      },
    });
    await exchange.until<Told>(
      'document-system',
      'told',
      told =>
        codesOf(told, department.code2020).includes('01') &&
        codesOf(told, department.organId).includes('03') &&
        codesOf(told, outside).length === 2,
    );
    const told = await exchange.state<Told>('document-system', 'told');
    assert.deepEqual(codesOf(told, outside), ['01', '03']);
    assert.deepEqual(await exchange.state('document-axis', 'inbox').then(all => all.map(one => one.status)), [
      'done',
      'done',
    ]);
  });
});
