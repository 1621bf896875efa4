import type { DocumentsPort } from '#connectors/kit/ports.ts';
import { toSentDocument, toStatus, toTinhTrang, toVanBan } from './document-mapping.ts';
import type { VanBanClient } from './van-ban-client.ts';

/** The port `documents`. Cursors are the software's own running numbers. */
export const createDocumentsPort = (client: VanBanClient): DocumentsPort => ({
  async issued({ after, limit }, { signal }) {
    const { VanBan = [], ConNua } = await client.issued(Number(after ?? 0), limit, signal);
    return {
      items: VanBan.map(({ MaVanBan, SoThuTu }) => ({ id: MaVanBan, cursor: String(SoThuTu) })),
      more: ConNua,
    };
  },
  fetch: async ({ id }, { signal }) => toSentDocument(await client.fetchIssued(id, signal)),
  deliver: ({ document, organIds }, { signal }) => client.receive(toVanBan(document), organIds, signal),
  tell: (status, { signal }) => client.tell(toTinhTrang(status), signal),
  async statuses({ after, limit }, { signal }) {
    const { TinhTrang = [], ConNua } = await client.statuses(Number(after ?? 0), limit, signal);
    return {
      items: TinhTrang.map(status => ({ status: toStatus(status), cursor: String(status.SoThuTu ?? 0) })),
      more: ConNua,
    };
  },
});
