import { openPdf } from '#signature/pdf/open-pdf.ts';
import { searchApart } from '#signature/pdf/search-apart.ts';
import { type Rectangle, type SeenPage, seePage } from '#signature/pdf/seen-page.ts';

/** A place on a page, 1 is the first. `found`: the text shows it; else it is where NĐ 30/2020's layout has it. */
export interface Place {
  page: number;
  at: Rectangle;
  found: boolean;
}

export interface Places {
  /** Behind "Số:", before the slash. */
  number: Place;
  /** Between "ngày" and "tháng", and between "tháng" and "năm". */
  day: Place;
  month: Place;
  /** Between the signer's office and name. */
  signature: Place;
  /** Over the left third of the signature (NĐ 30/2020, Phụ lục I). */
  seal: Place;
  /** Top right of the first page: appendices and copies. */
  corner: Place;
}

/** A seal of 36 mm in its real size, in points; the picture keeps its own proportions in it. */
const sealSize = (36 * 72) / 25.4;

const sealOver = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: Math.max(0, x + width / 3 - sealSize),
  y: Math.max(0, y + height / 2 - sealSize / 2),
  width: sealSize,
  height: sealSize,
});

/** Where NĐ 30/2020 (Phụ lục I, "Mẫu trình bày") has them on a page with its usual margins. */
const layout = ({ width, height }: SeenPage) => ({
  number: { x: 120, y: height - 125, width: 60, height: 18 },
  day: { x: width - 190, y: height - 125, width: 25, height: 18 },
  month: { x: width - 130, y: height - 125, width: 25, height: 18 },
  signature: { x: width - 225, y: 110, width: 170, height: 80 },
  corner: { x: width - 255, y: height - 50, width: 225, height: 32 },
});

/**
 * Where number, date, signature and seal belong on a document of an agency, by the text of its first page and by the
 * signer's name; ten seconds at most.
 * @throws SignatureFault pdf-broken, pdf-encrypted
 */
export const findPlaces = async (
  bytes: Uint8Array,
  { signer = '' }: { signer?: string } = {},
): Promise<Places> => {
  const { pages, resolve } = await openPdf(bytes);
  const usual = layout(seePage(pages[0]!.dict, resolve));
  const last = { page: pages.length, at: layout(seePage(pages.at(-1)!.dict, resolve)).signature };
  const found = await searchApart({ bytes, signer });
  const choose = (name: 'number' | 'day' | 'month'): Place => ({
    page: 1,
    at: found[name] ?? usual[name],
    found: found[name] !== undefined,
  });
  const signature = { ...(found.signature ?? last), found: found.signature !== undefined };
  return {
    number: choose('number'),
    day: choose('day'),
    month: choose('month'),
    signature,
    seal: { ...signature, at: sealOver(signature.at) },
    corner: { page: 1, at: usual.corner, found: false },
  };
};
