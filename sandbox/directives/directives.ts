import type { SandboxApp } from '#sandbox/kit/app-server.ts';
import { createDocumentFiles } from '#sandbox/kit/document-files.ts';
import { openJournal } from '#sandbox/kit/journal.ts';
import { child, textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { handleSoap, ServiceFault, type SoapService } from '#sandbox/kit/soap-service.ts';
import { createUniqueRows } from '#sandbox/kit/unique-rows.ts';
import { applyInput, isSound, type NguoiDungRow, toAccount, toRow } from './nguoi-dung.ts';
import { createPage } from './page.ts';
import { createSessions } from './sessions.ts';
import { createWork } from './work.ts';

export interface DirectivesStart {
  accounts: SandboxAccount[];
  /** Changes are kept here across restarts. */
  journalFile?: string;
  credentials: { username: string; password: string };
  /** How long a session holds; 1,200 by default. */
  sessionSeconds?: number;
  /** Whose signature the page for people trusts; without it there is no page. */
  hubOrigin?: string;
}

export const servicePath = '/ykcd/ws/nguoidung.asmx';

/** This vendor puts its own code behind SOAP's: `Client.TRUNG_MA`. */
const fault = (code: string, text: string): ServiceFault => new ServiceFault(`Client.${code}`, text);
const taken: Record<string, ServiceFault> = {
  MaCBCCVC: fault('TRUNG_MA', 'Mã CBCCVC đã có'),
  TaiKhoan: fault('TRUNG_TAI_KHOAN', 'Tài khoản đã có'),
};

/**
 * The directive software, played: SOAP 1.1, `DangNhap` opens a session whose token goes in the SOAP header
 * `XacThuc/MaPhien`; directives and citizens' matters in `work.ts`. `POST /_actions {"action":"end-sessions"}` ends them all.
 */
export const createDirectives = (start: DirectivesStart): SandboxApp => {
  const rows = createUniqueRows<NguoiDungRow>(row => row.Id, {
    MaCBCCVC: row => row.MaCBCCVC,
    TaiKhoan: row => row.TaiKhoan,
  });
  for (const account of start.accounts) rows.load(toRow(account));
  const keep = openJournal<NguoiDungRow>(start.journalFile, row => rows.put(row));
  const sessions = createSessions(start.sessionSeconds ?? 1200);
  const page = start.hubOrigin === undefined ? undefined : createPage({ hubOrigin: start.hubOrigin });
  let logins = 0;

  const files = createDocumentFiles();

  const freeId = (): string => {
    let number = rows.count() + 1;
    while (rows.get(String(number)) !== undefined) number += 1;
    return String(number);
  };
  const write = (row: NguoiDungRow): NguoiDungRow => {
    const held = rows.put(row);
    if (held !== undefined) throw taken[held];
    keep(row);
    return row;
  };
  const writeSound = (row: NguoiDungRow): NguoiDungRow => {
    if (!isSound(row)) throw fault('DU_LIEU_SAI', 'Dữ liệu không hợp lệ');
    return write(row);
  };
  const demand = (input: XmlNode | undefined): NguoiDungRow => {
    const row = rows.get(textOf(input, 'Id') ?? '');
    if (row === undefined) throw fault('KHONG_CO', 'Không có người dùng này');
    return row;
  };

  const authenticate: SoapService['authenticate'] = (header, operation) => {
    if (operation !== 'DangNhap' && !sessions.holds(textOf(child(header, 'XacThuc'), 'MaPhien') ?? ''))
      throw fault('HET_PHIEN', 'Phiên làm việc đã hết');
  };
  const work = createWork({
    journalFile: start.journalFile?.replace(/(\.jsonl)?$/, '.work.jsonl'),
    files,
    authenticate,
    fault,
  });

  const service: SoapService = {
    path: servicePath,
    namespace: 'http://ykcd.example.gov.vn/ws/nguoidung',
    prefix: '',
    envelopePrefix: 'soap',
    authenticate,
    operations: {
      DangNhap(input) {
        const { username, password } = start.credentials;
        if (textOf(input, 'TaiKhoan') !== username || textOf(input, 'MatKhau') !== password)
          throw fault('SAI_TAI_KHOAN', 'Sai tài khoản hoặc mật khẩu');
        logins += 1;
        return sessions.start();
      },
      ThemNguoiDung(input) {
        const blank = toRow({ externalId: freeId(), enabled: true, code: '', username: '', name: '' });
        return { NguoiDung: { ...writeSound(applyInput(blank, child(input, 'NguoiDung'))) } };
      },
      SuaNguoiDung(input) {
        const wanted = child(input, 'NguoiDung');
        return { NguoiDung: { ...writeSound(applyInput(demand(wanted), wanted)) } };
      },
      TimNguoiDung(input) {
        const id = textOf(input, 'Id');
        const row = id ? rows.get(id) : rows.find('MaCBCCVC', textOf(input, 'MaCBCCVC') ?? '');
        return { TimThay: row !== undefined, NguoiDung: row && { ...row } };
      },
      DanhSachNguoiDung(input) {
        const skip = Number(textOf(input, 'BoQua'));
        const size = Number(textOf(input, 'SoLuong'));
        if (!(skip >= 0 && size >= 1 && size <= 200)) throw fault('DU_LIEU_SAI', 'Phân trang không hợp lệ');
        return { TongSo: rows.count(), NguoiDung: rows.slice(skip, size).map(row => ({ ...row })) };
      },
      LayTep(input) {
        const file = files.get(textOf(input, 'IdVanBan') ?? '');
        if (file === undefined) throw fault('KHONG_CO', 'Không có văn bản này');
        return { TenTep: file.fileName, LoaiTep: file.mediaType, DuLieu: file.base64 };
      },
      LuuTep(input) {
        const file = files.replace(textOf(input, 'IdVanBan') ?? '', {
          fileName: textOf(input, 'TenTep') ?? '',
          base64: textOf(input, 'DuLieu') ?? '',
          number: textOf(input, 'SoVanBan'),
          issuedOn: textOf(input, 'NgayVanBan'),
        });
        if (file === undefined) throw fault('KHONG_CO', 'Không có văn bản này');
        return { LanLuu: file.version };
      },
      // Whoever is stopped need not be sound: old users without a staff code are.
      NgungSuDung: input => ({ NguoiDung: { ...write({ ...demand(input), SuDung: false }) } }),
    },
  };
  return {
    id: 'directives',
    accounts: () => rows.all().map(toAccount),
    handle(request) {
      if (page !== undefined && request.method === 'GET') return page(request);
      return handleSoap(request.path === work.service.path ? work.service : service, request);
    },
    state(name) {
      if (name === 'sessions') return { logins };
      return name === 'documents' ? files.state() : work.state(name);
    },
    act: given =>
      given.action === 'end-sessions' ? { ended: sessions.endAll() } : (files.act(given) ?? work.act(given)),
  };
};
