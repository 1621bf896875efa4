import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import { dayTo, demandDay, filled, translate } from '#connectors/kit/work-values.ts';
import type { DocumentStatus, Organ, SentDocument } from '#schemas/document.ts';
import type { TinhTrang, VanBan } from './van-ban-client.ts';

const actions = translate({ new: 'GuiMoi', revoke: 'ThuHoi', update: 'CapNhat', replace: 'ThayThe' });

const toOrgan = (unit: VanBan['DonViGui']): Organ => ({
  organId: unit.MaDinhDanh,
  ...filled({ name: unit.TenDonVi, address: unit.DiaChi, email: unit.ThuDienTu, phone: unit.DienThoai }),
});
const toDonVi = (organ: Organ): VanBan['DonViGui'] => ({
  MaDinhDanh: organ.organId,
  ...filled({ TenDonVi: organ.name, DiaChi: organ.address, ThuDienTu: organ.email, DienThoai: organ.phone }),
});

/** A document that was issued there, with what is done to it. */
export const toSentDocument = (document: VanBan): SentDocument => {
  const signer = filled({
    competence: document.ThamQuyen,
    position: document.ChucVu,
    name: document.NguoiKy,
  });
  const replaces = (document.ThayTheVanBan ?? []).map(documentId => ({ documentId }));
  const tasks = document.MaNhiemVu ?? [];
  return {
    documentId: document.MaDinhDanhVanBan,
    from: toOrgan(document.DonViGui),
    to: document.NoiNhan.map(toOrgan),
    ...filled({ number: document.So, notation: document.KyHieu, typeName: document.LoaiVanBan }),
    issuedOn: demandDay(document.NgayBanHanh, 'VanBan/NgayBanHanh'),
    subject: document.TrichYeu.normalize('NFC'),
    ...(Object.keys(signer).length === 0 ? {} : { signer }),
    ...(document.HanTraLoi ? { dueOn: demandDay(document.HanTraLoi, 'VanBan/HanTraLoi') } : {}),
    ...(document.DoKhan === undefined ? {} : { priority: document.DoKhan }),
    ...(tasks.length === 0 ? {} : { taskCodes: tasks }),
    action: {
      kind: actions.from(document.ThaoTac),
      ...filled({ reason: document.LyDo }),
      ...(replaces.length === 0 ? {} : { replaces }),
    },
    files: (document.Tep ?? []).map(file => ({
      name: file.TenTep,
      ...filled({ description: file.MoTa }),
      base64: file.NoiDung.replace(/\s+/g, ''),
    })),
  };
};

/** A document that arrives there. */
export const toVanBan = (document: SentDocument): VanBan => ({
  MaDinhDanhVanBan: document.documentId,
  DonViGui: toDonVi(document.from),
  NoiNhan: document.to.map(toDonVi),
  ...filled({ So: document.number, KyHieu: document.notation }),
  NgayBanHanh: toVietnameseDay(document.issuedOn),
  ...filled({ LoaiVanBan: document.typeName }),
  TrichYeu: document.subject,
  ...filled({
    ThamQuyen: document.signer?.competence,
    ChucVu: document.signer?.position,
    NguoiKy: document.signer?.name,
    HanTraLoi: dayTo(document.dueOn),
    DoKhan: document.priority,
    MaNhiemVu: document.taskCodes,
  }),
  ThaoTac: actions.to(document.action?.kind ?? 'new'),
  ...filled({
    LyDo: document.action?.reason,
    ThayTheVanBan: document.action?.replaces?.map(one => one.documentId),
  }),
  Tep: document.files.map(file => ({
    TenTep: file.name,
    ...filled({ MoTa: file.description }),
    NoiDung: file.base64,
  })),
});

export const toStatus = (status: TinhTrang): DocumentStatus => ({
  from: toOrgan(status.TuDonVi),
  about: {
    organId: status.VeDonVi,
    documentId: status.MaDinhDanhVanBan,
    ...filled({ code: status.SoKyHieu }),
  },
  code: status.MaTinhTrang,
  ...filled({ description: status.NoiDung }),
  ...(status.CanBo ? { staff: { name: status.CanBo } } : {}),
  at: status.ThoiDiem,
});

export const toTinhTrang = (status: DocumentStatus): TinhTrang => ({
  TuDonVi: toDonVi(status.from),
  VeDonVi: status.about.organId,
  MaDinhDanhVanBan: status.about.documentId ?? '',
  ...filled({ SoKyHieu: status.about.code }),
  MaTinhTrang: status.code,
  ...filled({ NoiDung: status.description, CanBo: status.staff?.name }),
  ThoiDiem: status.at,
});
