import { Type } from 'typebox';
import type { NoticesPort } from '#connectors/kit/ports.ts';
import type { Ask } from './resource-client.ts';

const DaNhan = Type.Object({ nguoiNhan: Type.Array(Type.String()), donViNhan: Type.Array(Type.String()) });

/** The notice boards of people and units. */
export const createNotices = (ask: Ask, root: string): NoticesPort => {
  const askSent = ask(DaNhan);
  return {
    async send({ id, to, units = [], subject, text }, { signal }) {
      const notice = {
        maLienThong: id,
        tieuDe: subject,
        noiDung: text,
        nguoiNhan: to,
        donViNhan: units,
        // The page's own default reaches every unit below.
        gomCapDuoi: false,
      };
      const sent = await askSent('POST', `${root}/thong-bao`, signal, notice);
      return { accepted: [...sent.nguoiNhan, ...sent.donViNhan] };
    },
  };
};
