import type { SandboxApp } from '#sandbox/kit/app-server.ts';
import { createDocumentFiles } from '#sandbox/kit/document-files.ts';
import { openJournal } from '#sandbox/kit/journal.ts';
import { child, textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { handleSoap, ServiceFault, type SoapService } from '#sandbox/kit/soap-service.ts';
import { createUniqueRows } from '#sandbox/kit/unique-rows.ts';
import { isVietnameseDay } from '#sandbox/kit/vietnamese-day.ts';
import { applyInput, type CanBoRow, fieldAtFault, toAccount, toRow } from './can-bo.ts';
import { createTokenCheck } from './check-username-token.ts';
import { countDocuments } from './count.ts';
import { createExchange } from './exchange.ts';
import { createWebDesk } from './web-desk.ts';

export interface DocumentSystemStart {
  accounts: SandboxAccount[];
  /** Changes are kept here across restarts. */
  journalFile?: string;
  credentials: { username: string; password: string };
  /** Where people sign in (CAS); without it the pages are closed. */
  hubOrigin?: string;
}

export const servicePath = '/qlvb/dichvu/canbo';

const fault = (MaLoi: string, text: string): ServiceFault => new ServiceFault('Client', text, { MaLoi });
const taken: Record<string, ServiceFault> = {
  MaCBCCVC: fault('TRUNG_MA_CBCCVC', 'Mã CBCCVC đã được sử dụng'),
  TenDangNhap: fault('TRUNG_TEN_DANG_NHAP', 'Tên đăng nhập đã được sử dụng'),
};

/**
 * The document system, played: SOAP 1.1 with a WS-Security UsernameToken (password digest). The operations
 * are those of the vendor's WSDL; faults carry their own code in `detail/MaLoi`. People open it by CAS (`web-desk.ts`).
 */
export const createDocumentSystem = (start: DocumentSystemStart): SandboxApp => {
  const rows = createUniqueRows<CanBoRow>(row => row.MaCanBo, {
    MaCBCCVC: row => row.MaCBCCVC,
    TenDangNhap: row => row.TenDangNhap,
  });
  for (const account of start.accounts) rows.load(toRow(account));
  const keep = openJournal<CanBoRow>(start.journalFile, row => rows.put(row));

  const files = createDocumentFiles();
  const exchange = createExchange(() => fault('KHONG_TIM_THAY', 'Không tìm thấy văn bản'));

  const freeId = (): string => {
    let number = rows.count() + 1;
    while (rows.get(`QLVB${number}`) !== undefined) number += 1;
    return `QLVB${number}`;
  };
  const write = (row: CanBoRow): CanBoRow => {
    const held = rows.put(row);
    if (held !== undefined) throw taken[held];
    keep(row);
    return row;
  };
  /** By `MaCanBo` when it is named, else by `MaCBCCVC`. */
  const find = (input: XmlNode | undefined): CanBoRow | undefined => {
    const id = textOf(input, 'MaCanBo');
    return id ? rows.get(id) : rows.find('MaCBCCVC', textOf(input, 'MaCBCCVC') ?? '');
  };
  const demand = (input: XmlNode | undefined): CanBoRow => {
    const row = find(input);
    if (row === undefined) throw fault('KHONG_TIM_THAY', 'Không tìm thấy cán bộ');
    return row;
  };

  const service: SoapService = {
    path: servicePath,
    namespace: 'urn:qlvb:dich-vu:can-bo:v2',
    prefix: 'ns2',
    envelopePrefix: 'S',
    authenticate: createTokenCheck(start.credentials),
    operations: {
      ...exchange.operations,
      TaoHoacCapNhatCanBo(input) {
        const wanted = child(input, 'CanBo');
        const known = textOf(wanted, 'MaCanBo') ? demand(wanted) : find(wanted);
        const row = applyInput(known, known?.MaCanBo ?? freeId(), wanted);
        const field = fieldAtFault(row);
        if (field !== undefined) throw fault('DU_LIEU_KHONG_HOP_LE', `Giá trị không hợp lệ: ${field}`);
        return { CanBo: { ...write(row) } };
      },
      LayCanBo: input => ({ CanBo: { ...demand(input) } }),
      DanhSachCanBo(input) {
        const page = Number(textOf(input, 'Trang'));
        const size = Number(textOf(input, 'SoDong'));
        if (!(page >= 1 && size >= 1 && size <= 500))
          throw fault('DU_LIEU_KHONG_HOP_LE', 'Phân trang không hợp lệ');
        const found = rows.slice((page - 1) * size, size);
        return { TongSo: rows.count(), CanBo: found.map(row => ({ ...row })) };
      },
      LayTepVanBan(input) {
        const file = files.get(textOf(input, 'MaVanBan') ?? '');
        if (file === undefined) throw fault('KHONG_TIM_THAY', 'Không tìm thấy văn bản');
        return { TenTep: file.fileName, KieuTep: file.mediaType, NoiDung: file.base64 };
      },
      CapNhatTepVanBan(input) {
        const file = files.replace(textOf(input, 'MaVanBan') ?? '', {
          fileName: textOf(input, 'TenTep') ?? '',
          base64: textOf(input, 'NoiDung') ?? '',
          number: textOf(input, 'SoKyHieu'),
          issuedOn: textOf(input, 'NgayBanHanh'),
        });
        if (file === undefined) throw fault('KHONG_TIM_THAY', 'Không tìm thấy văn bản');
        return { PhienBan: file.version };
      },
      ThongKe(input) {
        const [from = '', until = ''] = [textOf(input, 'TuNgay'), textOf(input, 'DenNgay')];
        if (!isVietnameseDay(from) || !isVietnameseDay(until))
          throw fault('DU_LIEU_KHONG_HOP_LE', 'Ngày không hợp lệ');
        const signed = (files.state() as { issuedOn: string }[]).map(({ issuedOn }) => issuedOn);
        return countDocuments(exchange.issuedDays(), signed, from, until);
      },
      KhoaCanBo: input => ({ CanBo: { ...write({ ...demand(input), TrangThai: 'Khoa' }) } }),
    },
  };
  const desk = createWebDesk(start.hubOrigin, username => {
    const row = rows.find('TenDangNhap', username);
    if (row === undefined) return 'none';
    return toAccount(row).enabled ? 'open' : 'locked';
  });
  return {
    id: 'document-system',
    accounts: () => rows.all().map(toAccount),
    state: name => {
      if (name === 'sessions') return desk.sessions();
      return name === 'documents' ? files.state() : exchange.state(name);
    },
    act: action => files.act(action) ?? exchange.act(action),
    handle: async request => (await desk.handle(request)) ?? handleSoap(service, request),
  };
};
