import type { XmlValue } from '#sandbox/kit/soap-service.ts';
import type { HrDecision, HrPerson } from './hr-person.ts';

const toVietnameseDay = (iso: string | undefined): string | undefined => iso?.split('-').reverse().join('/');

const statuses = { active: 'Đang làm việc', suspended: 'Tạm đình chỉ', left: 'Nghỉ việc' };

const toQuyetDinh = (decision: HrDecision): XmlValue => ({
  TieuDe: decision.title,
  Ngay: toVietnameseDay(decision.date),
  Nam: decision.year,
  SoQuyetDinh: decision.number,
});

/** A person's file as the service tells it. */
export const toHoSo = (id: string, person: HrPerson): XmlValue => ({
  MaNhanSu: id,
  MaCBCCVC: person.code,
  HoTen: person.name,
  NgaySinh: toVietnameseDay(person.birthDate),
  GioiTinh: person.gender === 'male' ? 'Nam' : 'Nữ',
  SoCCCD: person.citizenNumber,
  SoDienThoai: person.phone,
  MaDonVi: person.unitCode,
  ChucVu: person.title,
  KiemNhiem: person.positions.map(post => ({
    MaDonVi: post.unitCode,
    ChucVu: post.title,
    TuNgay: toVietnameseDay(post.from),
    DenNgay: toVietnameseDay(post.to),
  })),
  MaNgach: person.rank,
  Bac: person.grade,
  HeSo: (person.coefficient / 100).toFixed(2),
  NgayHuong: toVietnameseDay(person.coefficientFrom),
  KhenThuong: person.awards.map(toQuyetDinh),
  KyLuat: person.disciplines.map(toQuyetDinh),
  TinhTrang: statuses[person.status],
  NgayTinhTrang: toVietnameseDay(person.statusFrom),
});

/** What the file holds of a person's account. */
export const toTaiKhoan = (id: string, person: HrPerson): XmlValue => ({
  MaNhanSu: id,
  MaCBCCVC: person.code,
  TenTaiKhoan: person.account ?? '',
  ThuDienTu: person.email ?? '',
});
