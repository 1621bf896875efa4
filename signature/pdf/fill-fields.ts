import { PdfDict, PdfNumber } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { drawAppearance } from '#signature/pdf/appearance.ts';
import { findField, pageOf, textOf } from '#signature/pdf/form-fields.ts';
import { saveIncrement } from '#signature/pdf/increment.ts';
import { type OpenPdf, openForChange } from '#signature/pdf/open-pdf.ts';
import { refuseIfLocked } from '#signature/pdf/rights.ts';
import { readBox, seePage, toSeen } from '#signature/pdf/seen-page.ts';
import { textString } from '#signature/pdf/values.ts';

export interface FieldValue {
  name: string;
  text: string;
}

/** How the field says that its text looks (DA, ISO 32000-2 §12.7.4.3): size 0 means that the viewer chooses. */
const readStyle = (field: PdfDict, widget: PdfDict, { form, resolve }: OpenPdf) => {
  const [own, shown, general] = [field, widget, form].map(dict => textOf(dict?.get('DA', resolve)));
  const [, font = '', size = '0'] = /\/(\S+)\s+([\d.]+)\s+Tf/.exec(own ?? shown ?? general ?? '') ?? [];
  const quadding = field.get('Q', resolve) ?? widget.get('Q', resolve);
  const aligned = quadding instanceof PdfNumber ? quadding.value : 0;
  return {
    size: Number(size) || 13,
    italic: /it|obl/i.test(font),
    align: (['left', 'center', 'right'] as const)[aligned] ?? 'left',
  };
};

/** What `fillFields` does to an open file: a signature may do it in the same increment. */
export const writeValues = async (opened: OpenPdf, values: readonly FieldValue[]): Promise<void> => {
  for (const { name, text } of values) {
    const field = findField(opened, name);
    if (field.type !== 'Tx') throw new SignatureFault('field-unknown', 'The field is no text field', name);
    refuseIfLocked(opened, name);
    field.dict.set('V', textString(text.normalize('NFC')));
    for (const widget of field.widgets) {
      const page = pageOf(opened, widget);
      const box = readBox(widget.get('Rect', opened.resolve), opened.resolve);
      if (!page || !box) continue;
      const seen = seePage(page.dict, opened.resolve);
      const part = { text, ...readStyle(field.dict, widget, opened) };
      const shown = await drawAppearance(opened, seen, toSeen(seen, box), [part]);
      widget.set('AP', PdfDict.of({ N: shown }));
    }
  }
};

/**
 * Writes text into fields: the value and what is seen of it, nothing else, so that earlier signatures stay valid ("form
 * filling"; DocMDP P=2 allows it).
 * @returns the increment
 * @throws SignatureFault field-unknown (not there, or no text field), pdf-certified, text-not-in-font, text-too-long, and
 *   what opening a file may say (`openForChange`)
 */
export const fillFields = async (bytes: Uint8Array, values: readonly FieldValue[]): Promise<Buffer> => {
  const opened = await openForChange(bytes);
  await writeValues(opened, values);
  return saveIncrement(opened);
};
