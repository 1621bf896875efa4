import { ConnectorError } from '#connectors/kit/errors.ts';
import { toIsoDay, toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { DocumentStatus, Organ, SentDocument } from '#schemas/document.ts';
import type { TinhTrang, VanBan } from './van-ban-client.ts';

const actions: Record<string, string> = {
  GuiMoi: 'new',
  ThuHoi: 'revoke',
  CapNhat: 'update',
  ThayThe: 'replace',
};
const actionTo = (kind: string): string =>
  Object.keys(actions).find(key => actions[key] === kind) ?? 'GuiMoi';

/** Without what is undefined, null or empty. */
const filled = <T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { [K in keyof T]?: NonNullable<T[K]> };

const toOrgan = (unit: VanBan['DonViGui']): Organ => ({
  organId: unit.MaDinhDanh,
  ...filled({ name: unit.TenDonVi, address: unit.DiaChi, email: unit.ThuDienTu, phone: unit.DienThoai }),
});
const toDonVi = (organ: Organ): VanBan['DonViGui'] => ({
  MaDinhDanh: organ.organId,
  ...filled({ TenDonVi: organ.name, DiaChi: organ.address, ThuDienTu: organ.email, DienThoai: organ.phone }),
});

const dayOf = (text: string, field: string): string => {
  const day = toIsoDay(text);
  if (day === undefined)
    throw new ConnectorError('unexpected-answer', `the answer has no day at /VanBan/${field}`);
  return day;
};

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
    issuedOn: dayOf(document.NgayBanHanh, 'NgayBanHanh'),
    subject: document.TrichYeu.normalize('NFC'),
    ...(Object.keys(signer).length === 0 ? {} : { signer }),
    ...(document.HanTraLoi ? { dueOn: dayOf(document.HanTraLoi, 'HanTraLoi') } : {}),
    ...(document.DoKhan === undefined ? {} : { priority: document.DoKhan }),
    ...(tasks.length === 0 ? {} : { taskCodes: tasks }),
    action: {
      kind: actions[document.ThaoTac] ?? 'new',
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
    HanTraLoi: document.dueOn === undefined ? undefined : toVietnameseDay(document.dueOn),
    DoKhan: document.priority,
    MaNhiemVu: document.taskCodes,
  }),
  ThaoTac: actionTo(document.action?.kind ?? 'new'),
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
