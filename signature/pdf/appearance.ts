import { PdfArray, PdfDict, PdfName, PdfNumber, type PdfObject, type PdfRef, PdfStream } from '@libpdf/core';
import { drawText, type TextPart } from '#signature/pdf/draw-text.ts';
import { insert } from '#signature/pdf/graft.ts';
import type { OpenPdf } from '#signature/pdf/open-pdf.ts';
import { readImage } from '#signature/pdf/seal-image.ts';
import type { Rectangle, SeenPage } from '#signature/pdf/seen-page.ts';
import { numbers } from '#signature/pdf/values.ts';

/** A picture: the handwritten signature (blue) or the seal (red), a PNG with a transparent ground (NĐ 30/2020, Phụ lục I). */
export interface ImagePart {
  /** PNG. It keeps its proportions and stands in the middle of its place. */
  image: Uint8Array;
  /** Where on the page as it is seen; absent: all of the field's widget. */
  at?: Rectangle;
}

/** What a widget shows; several parts may stand side by side, a seal and a number for instance. */
export type Part = ImagePart | TextPart;

/** The smallest rectangle that holds all. */
export const surround = (rectangles: readonly Rectangle[]): Rectangle => {
  const [x, y] = [Math.min(...rectangles.map(r => r.x)), Math.min(...rectangles.map(r => r.y))];
  return {
    x,
    y,
    width: Math.max(...rectangles.map(r => r.x + r.width)) - x,
    height: Math.max(...rectangles.map(r => r.y + r.height)) - y,
  };
};

const drawImage = async ({ pdf }: OpenPdf, { image }: ImagePart, box: Rectangle, name: string) => {
  const ready = await readImage(image);
  const scale = Math.min(box.width / ready.width, box.height / ready.height);
  const [w, h] = [ready.width * scale, ready.height * scale];
  const [x, y] = [box.x + (box.width - w) / 2, box.y + (box.height - h) / 2];
  const matrix = [w, 0, 0, h, x, y].map(value => value.toFixed(3)).join(' ');
  return { content: `q ${matrix} cm /${name} Do Q`, image: insert(ready, pdf) };
};

/** Upright on a page that viewers turn clockwise. */
const uprights: Record<SeenPage['turned'], number[]> = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
};

/**
 * The appearance stream of a widget that covers `whole` of the seen page (ISO 32000-2 §12.5.5).
 * @throws SignatureFault image-unreadable, text-not-in-font, text-too-long
 */
export const drawAppearance = async (
  opened: OpenPdf,
  seen: SeenPage,
  whole: Rectangle,
  parts: readonly Part[],
): Promise<PdfRef> => {
  const images = new PdfDict();
  const fonts = new PdfDict();
  const contents: string[] = [];
  for (const [index, part] of parts.entries()) {
    const at = part.at ?? whole;
    const box = { ...at, x: at.x - whole.x, y: at.y - whole.y };
    if ('image' in part) {
      const { content, image } = await drawImage(opened, part, box, `Im${index}`);
      images.set(`Im${index}`, image);
      contents.push(content);
    } else {
      const { content, font } = await drawText(opened.pdf, part, box, `F${index}`);
      fonts.set(`F${index}`, font);
      contents.push(content);
    }
  }
  const resources: Record<string, PdfObject> = {};
  if (images.size > 0) resources.XObject = images;
  if (fonts.size > 0) resources.Font = fonts;
  const form = PdfStream.fromDict(
    {
      Type: PdfName.of('XObject'),
      Subtype: PdfName.of('Form'),
      BBox: numbers([0, 0, whole.width, whole.height]),
      Matrix: new PdfArray(uprights[seen.turned].map(value => PdfNumber.of(value))),
      Resources: PdfDict.of(resources),
    },
    new TextEncoder().encode(contents.join('\n')),
  );
  return opened.pdf.register(form);
};
