import { textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import { ServiceFault, type XmlValue } from '#sandbox/kit/soap-service.ts';

interface Entry {
  SoThuTu: number;
  MaVanBan: string;
  /** The document as an element: names and order are the WSDL's. */
  VanBan: Record<string, XmlValue>;
}
interface Told extends Record<string, XmlValue> {
  MaDinhDanhVanBan: string;
  MaTinhTrang: string;
}

/** An element as plain values: attributes away, an element of text as its text. */
const toValue = (node: XmlNode | string | undefined): XmlValue => {
  if (node === undefined || typeof node === 'string') return node;
  const names = Object.keys(node).filter(name => !name.startsWith('@') && name !== '#text');
  if (names.length === 0) return typeof node['#text'] === 'string' ? node['#text'] : '';
  const values = names.map(name => {
    const value = node[name];
    return [name, Array.isArray(value) ? value.map(toValue) : toValue(value)] as const;
  });
  return Object.fromEntries(values);
};
const listOf = (value: XmlValue): XmlValue[] =>
  value === undefined ? [] : Array.isArray(value) ? [...value] : [value];

const pageOf = <T extends { SoThuTu: number }>(all: T[], input: XmlNode): { found: T[]; ConNua: boolean } => {
  const after = Number(textOf(input, 'SauSo') ?? 0);
  const size = Number(textOf(input, 'SoDong') ?? 0);
  if (!(size >= 1)) throw new ServiceFault('Client', 'Phân trang', { MaLoi: 'DU_LIEU_KHONG_HOP_LE' });
  const later = all.filter(one => one.SoThuTu > after);
  return { found: later.slice(0, size), ConNua: later.length > size };
};

/** Documents that the document system exchanges with others: issued there, arrived there, and what is said of them. */
export const createExchange = (notFound: () => ServiceFault) => {
  const outgoing: Entry[] = [];
  const incoming = new Map<string, { VanBan: XmlValue; DonViNhan: XmlValue[]; lan: number }>();
  const said: ({ SoThuTu: number } & Told)[] = [];
  const told: Told[] = [];
  const keyOf = (document: Record<string, XmlValue>): string =>
    JSON.stringify([(document.DonViGui as { MaDinhDanh: string }).MaDinhDanh, document.MaDinhDanhVanBan]);

  const operations: Record<string, (input: XmlNode) => XmlValue> = {
    DanhSachVanBanDi(input) {
      const { found, ConNua } = pageOf(outgoing, input);
      return { VanBan: found.map(({ MaVanBan, SoThuTu }) => ({ MaVanBan, SoThuTu })), ConNua };
    },
    LayVanBanDi(input) {
      const entry = outgoing.find(({ MaVanBan }) => MaVanBan === textOf(input, 'MaVanBan'));
      if (entry === undefined) throw notFound();
      return { VanBan: { MaVanBan: entry.MaVanBan, ...entry.VanBan } };
    },
    NhanVanBanDen(input) {
      const given = toValue(input) as { VanBan: Record<string, XmlValue>; DonViNhan: XmlValue };
      const key = keyOf(given.VanBan);
      const before = incoming.get(key);
      const receivers = new Set([...(before?.DonViNhan ?? []), ...listOf(given.DonViNhan)]);
      const same = JSON.stringify(before?.VanBan) === JSON.stringify(given.VanBan);
      incoming.set(key, {
        VanBan: given.VanBan,
        DonViNhan: [...receivers],
        lan: (before?.lan ?? 0) + (same ? 0 : 1),
      });
      return { MaVanBan: `DEN${[...incoming.keys()].indexOf(key) + 1}` };
    },
    CapNhatTinhTrang(input) {
      const status = (toValue(input) as { TinhTrang: Told }).TinhTrang;
      if (!told.some(one => JSON.stringify(one) === JSON.stringify(status))) told.push(status);
      return { DaNhan: true };
    },
    DanhSachTinhTrang(input) {
      const { found, ConNua } = pageOf(said, input);
      return { TinhTrang: found, ConNua };
    },
  };

  return {
    operations,
    /** Days of what was issued (not of what was changed or taken back), dd/MM/yyyy. */
    issuedDays: (): string[] =>
      outgoing
        .filter(({ VanBan }) => VanBan.ThaoTac === 'GuiMoi')
        .map(({ VanBan }) => String(VanBan.NgayBanHanh)),
    state: (name: string): unknown => {
      if (name === 'incoming') return [...incoming.values()];
      return name === 'told' ? told : undefined;
    },
    /** `{"action":"issue","document":{…VanBan…}}`, `{"action":"process","status":{…TinhTrang…}}`: what clerks do. */
    act(action: Record<string, unknown>): object | undefined {
      if (action.action === 'issue') {
        const SoThuTu = outgoing.length + 1;
        const MaVanBan = `DI${SoThuTu}`;
        outgoing.push({ SoThuTu, MaVanBan, VanBan: action.document as Record<string, XmlValue> });
        return { MaVanBan };
      }
      if (action.action !== 'process') return undefined;
      const status = { SoThuTu: said.length + 1, ...(action.status as Told) };
      said.push(status);
      return status;
    },
  };
};
