import { type PDFPage, PdfArray, type PdfDict, PdfNumber, type PdfObject } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import type { OpenPdf } from '#signature/pdf/open-pdf.ts';

/** Points (1/72 inch) from the lower left corner of the page as it is seen: cropped and turned. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A page as a reader sees it. `box` is its visible part in the file's own coordinates: left, bottom, right, top. */
export interface SeenPage {
  width: number;
  height: number;
  /** How far viewers turn it, clockwise. */
  turned: 0 | 90 | 180 | 270;
  box: [number, number, number, number];
  /** Points in one unit of the file (UserUnit, ISO 32000-2 §14.11.2). */
  unit: number;
}

/** A page's own entry or the nearest parent's (ISO 32000-2 §7.7.3.4). */
const inherited = (page: PdfDict, key: string, resolve: OpenPdf['resolve']): PdfObject | undefined => {
  let node: PdfDict | undefined = page;
  for (let depth = 0; node && depth < 50; depth += 1) {
    const value = node.get(key, resolve);
    if (value !== undefined) return value;
    node = node.getDict('Parent', resolve);
  }
  return undefined;
};

/** Four numbers as left, bottom, right, top; files write the corners in any order. */
export const readBox = (
  value: PdfObject | undefined,
  resolve: OpenPdf['resolve'],
): SeenPage['box'] | undefined => {
  if (!(value instanceof PdfArray) || value.length < 4) return undefined;
  const [a, b, c, d] = [0, 1, 2, 3].map(at => {
    const item = value.at(at, resolve);
    return item instanceof PdfNumber ? item.value : Number.NaN;
  }) as SeenPage['box'];
  if ([a, b, c, d].some(Number.isNaN)) return undefined;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
};

export const seePage = (page: PdfDict, resolve: OpenPdf['resolve']): SeenPage => {
  const media = readBox(inherited(page, 'MediaBox', resolve), resolve) ?? [0, 0, 612, 792];
  const crop = readBox(inherited(page, 'CropBox', resolve), resolve) ?? media;
  const cut: SeenPage['box'] = [
    Math.max(media[0], crop[0]),
    Math.max(media[1], crop[1]),
    Math.min(media[2], crop[2]),
    Math.min(media[3], crop[3]),
  ];
  const box = cut[2] > cut[0] && cut[3] > cut[1] ? cut : media;
  const number = (value: PdfObject | undefined) => (value instanceof PdfNumber ? value.value : 0);
  const turns = Math.round(number(inherited(page, 'Rotate', resolve)) / 90);
  const turned = ((((turns % 4) + 4) % 4) * 90) as SeenPage['turned'];
  const unit = number(page.get('UserUnit', resolve)) || 1;
  const [across, up] = [(box[2] - box[0]) * unit, (box[3] - box[1]) * unit];
  return turned % 180 === 0
    ? { width: across, height: up, turned, box, unit }
    : { width: up, height: across, turned, box, unit };
};

/** A rectangle of the seen page as the file writes it: two opposite corners. */
export const toFile = (seen: SeenPage, { x, y, width, height }: Rectangle): SeenPage['box'] => {
  const { box, turned, unit } = seen;
  const [left, bottom, right, top] = [x / unit, y / unit, (x + width) / unit, (y + height) / unit];
  const [w, h] = [box[2] - box[0], box[3] - box[1]];
  const turn: Record<SeenPage['turned'], SeenPage['box']> = {
    0: [left, bottom, right, top],
    90: [w - top, left, w - bottom, right],
    180: [w - right, h - top, w - left, h - bottom],
    270: [bottom, h - right, top, h - left],
  };
  const [a, b, c, d] = turn[turned];
  return [box[0] + a, box[1] + b, box[0] + c, box[1] + d];
};

/** The way back of `toFile`. */
export const toSeen = (seen: SeenPage, [a, b, c, d]: SeenPage['box']): Rectangle => {
  const { box, turned, unit } = seen;
  const [left, bottom, right, top] = [a - box[0], b - box[1], c - box[0], d - box[1]];
  const [w, h] = [box[2] - box[0], box[3] - box[1]];
  const turn: Record<SeenPage['turned'], SeenPage['box']> = {
    0: [left, bottom, right, top],
    90: [bottom, w - right, top, w - left],
    180: [w - right, h - top, w - left, h - bottom],
    270: [h - top, left, h - bottom, right],
  };
  const [x, y, xx, yy] = turn[turned].map(value => value * unit) as SeenPage['box'];
  return { x, y, width: xx - x, height: yy - y };
};

/**
 * The page with this number: 1 is the first, -1 the last.
 * @throws SignatureFault page-unknown
 */
export const findPage = ({ pages }: OpenPdf, number: number): PDFPage => {
  const page = number > 0 ? pages[number - 1] : number < 0 ? pages.at(number) : undefined;
  if (!page) {
    throw new SignatureFault('page-unknown', `The file has ${pages.length} pages`, String(number));
  }
  return page;
};
