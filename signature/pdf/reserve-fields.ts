import { PdfDict, PdfName, PdfNumber, PdfString } from '@libpdf/core';
import { drawAppearance } from '#signature/pdf/appearance.ts';
import { refuseIfSigned } from '#signature/pdf/certify.ts';
import { addField, ensureForm } from '#signature/pdf/form-fields.ts';
import { saveIncrement } from '#signature/pdf/increment.ts';
import { type OpenPdf, openForChange } from '#signature/pdf/open-pdf.ts';
import { findPage, type Rectangle, seePage, toFile } from '#signature/pdf/seen-page.ts';

/** A place kept for text that is known later: the number and the date, which the clerk gives after the leader has signed. */
export interface ReservedField {
  name: string;
  /** 1 is the first page, -1 the last. */
  page: number;
  at: Rectangle;
  /** Points; 13 when absent, as NĐ 30/2020 writes number and date. */
  size?: number;
  /** As NĐ 30/2020 writes place and date. */
  italic?: boolean;
  align?: 'left' | 'center' | 'right';
}

const alignments = { left: 0, center: 1, right: 2 } as const;
const standard = { TiRo: 'Times-Roman', TiIt: 'Times-Italic' } as const;

/** The fonts that the fields name, for viewers that let people type; what the hub fills brings its own. */
const nameFonts = (form: PdfDict, { resolve }: OpenPdf): void => {
  const resources = form.getDict('DR', resolve) ?? new PdfDict();
  const fonts = resources.getDict('Font', resolve) ?? new PdfDict();
  for (const [name, base] of Object.entries(standard)) {
    if (fonts.has(name)) continue;
    const entries = { Type: PdfName.of('Font'), Subtype: PdfName.of('Type1'), BaseFont: PdfName.of(base) };
    fonts.set(name, PdfDict.of(entries));
  }
  if (!resources.has('Font')) resources.set('Font', fonts);
  if (!form.has('DR')) form.set('DR', resources);
};

/**
 * Adds empty text fields, before the first signature: a new field afterwards would break the earlier signatures, filling one
 * that was there does not.
 * @returns the increment
 * @throws SignatureFault pdf-signed, page-unknown, field-taken, and what opening a file may say
 */
export const reserveFields = async (bytes: Uint8Array, fields: readonly ReservedField[]): Promise<Buffer> => {
  const opened = await openForChange(bytes);
  refuseIfSigned(opened);
  for (const { name, page: number, at, size = 13, italic, align = 'left' } of fields) {
    const page = findPage(opened, number);
    const seen = seePage(page.dict, opened.resolve);
    const font = italic ? 'TiIt' : 'TiRo';
    addField(opened, page, {
      name,
      rectangle: toFile(seen, at),
      entries: {
        FT: PdfName.of('Tx'),
        DA: new PdfString(new TextEncoder().encode(`/${font} ${size} Tf 0 g`)),
        Q: PdfNumber.of(alignments[align]),
        MK: PdfDict.of({ R: PdfNumber.of(seen.turned) }),
        AP: PdfDict.of({ N: await drawAppearance(opened, seen, at, []) }),
      },
    });
    nameFonts(ensureForm(opened), opened);
  }
  return saveIncrement(opened);
};
