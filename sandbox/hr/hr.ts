import type { SandboxApp } from '#sandbox/kit/app-server.ts';
import { openJournal } from '#sandbox/kit/journal.ts';
import { child, textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { handleSoap, ServiceFault, type SoapService } from '#sandbox/kit/soap-service.ts';
import { toHoSo, toTaiKhoan } from './ho-so.ts';
import type { HrPerson } from './hr-person.ts';
import { createPersonnel, type HrChange } from './personnel.ts';
import { createActions } from './run-action.ts';

export interface HrStart {
  /** The people of the beginning; in their order they have the cursors 1 to N. */
  people: HrPerson[];
  /** Changes are kept here across restarts. */
  journalFile?: string;
  credentials: { apiKey: string };
}

export const servicePath = '/nhansu/DichVuHoSo.svc';
const maxRows = 500;
/** When the files of the beginning were entered. */
const enteredAt = '2018-08-01T00:00:00.000Z';

const fault = (Ma: string, text: string): ServiceFault =>
  new ServiceFault('Client', text, { LoiNghiepVu: { Ma, NoiDung: text } });

const demandCount = (input: XmlNode): number => {
  const count = Number(textOf(input, 'SoLuong'));
  if (!(Number.isInteger(count) && count >= 1 && count <= maxRows))
    throw fault('DU_LIEU_KHONG_HOP_LE', `SoLuong từ 1 đến ${maxRows}`);
  return count;
};

const toAccount = (id: string, person: HrPerson): SandboxAccount => ({
  externalId: id,
  enabled: Boolean(person.account),
  code: person.code,
  username: person.account ?? '',
  name: person.name,
  email: person.email,
});

/**
 * The HR software, played: SOAP 1.1 with an access key in the SOAP header `KhoaTruyCap/Khoa`, a list of
 * changes, and accounts that the hub writes back. `POST /_actions` does what HR's people do (see
 * `run-action.ts`); what the hub writes back is no change of HR's own and is not in the list.
 */
export const createHrApp = (start: HrStart): SandboxApp => {
  const personnel = createPersonnel();
  for (const person of start.people) personnel.change({ id: personnel.newId(), at: enteredAt, person });
  const keep = openJournal<HrChange | { id: string; account: HrPerson }>(start.journalFile, line => {
    if ('account' in line) personnel.write(line.id, line.account);
    else personnel.change(line);
  });
  const act = createActions(personnel, change => {
    const cursor = personnel.change(change);
    keep(change);
    return cursor;
  });

  const demand = (input: XmlNode): { id: string; person: HrPerson } => {
    const id = textOf(input, 'MaNhanSu') || personnel.idOf('code', textOf(input, 'MaCBCCVC') ?? '') || '';
    const person = personnel.get(id);
    if (person === undefined) throw fault('KHONG_CO_HO_SO', 'Không có hồ sơ này');
    return { id, person };
  };

  const service: SoapService = {
    path: servicePath,
    namespace: 'urn:nhan-su:dich-vu:ho-so',
    prefix: 'a',
    envelopePrefix: 's',
    authenticate(header) {
      if (textOf(child(header, 'KhoaTruyCap'), 'Khoa') !== start.credentials.apiKey)
        throw fault('KHOA_KHONG_HOP_LE', 'Khóa truy cập không hợp lệ');
    },
    operations: {
      LayThayDoi(input) {
        const count = demandCount(input);
        const from = Number(textOf(input, 'TuMoc') || 0);
        if (!(Number.isInteger(from) && from >= 0 && from <= personnel.lastCursor()))
          throw fault('MOC_KHONG_HOP_LE', 'Không có mốc này');
        const told = personnel.changesAfter(from, count);
        return {
          ThayDoi: told.map((change, index) => ({
            Moc: from + index + 1,
            ThoiDiem: change.at,
            HoSo: toHoSo(change.id, change.person),
          })),
          MocCuoi: from + told.length,
          ConNua: from + told.length < personnel.lastCursor(),
        };
      },
      CapNhatTaiKhoan(input) {
        const { id, person } = demand(input);
        const account = textOf(input, 'TenTaiKhoan') ?? person.account;
        const holder = account ? personnel.idOf('account', account) : undefined;
        if (holder !== undefined && holder !== id)
          throw fault('TRUNG_TEN_TAI_KHOAN', 'Tên tài khoản đã thuộc người khác');
        const next = {
          ...person,
          account: account || undefined,
          email: textOf(input, 'ThuDienTu') ?? person.email,
        };
        personnel.write(id, next);
        keep({ id, account: next });
        return { TaiKhoan: toTaiKhoan(id, next) };
      },
      LayTaiKhoan(input) {
        const { id, person } = demand(input);
        return { TaiKhoan: toTaiKhoan(id, person) };
      },
      DanhSachTaiKhoan(input) {
        const count = demandCount(input);
        const after = textOf(input, 'SauMaNhanSu');
        const from = after ? personnel.placeOf(after) + 1 : 0;
        if (after && from === 0) throw fault('KHONG_CO_HO_SO', 'Không có hồ sơ này');
        const told = personnel.slice(from, count);
        return {
          TaiKhoan: told.map(({ id, person }) => toTaiKhoan(id, person)),
          ConNua: from + told.length < personnel.count(),
        };
      },
    },
  };
  return {
    id: 'hr',
    accounts: () => personnel.slice(0, personnel.count()).map(({ id, person }) => toAccount(id, person)),
    handle: request => handleSoap(service, request),
    act,
  };
};
