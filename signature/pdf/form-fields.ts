import {
  type PDFPage,
  PdfArray,
  PdfDict,
  PdfName,
  PdfNumber,
  type PdfObject,
  PdfRef,
  PdfString,
} from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { asDict, type OpenPdf } from '#signature/pdf/open-pdf.ts';
import { numbers, textString } from '#signature/pdf/values.ts';

/** A terminal field. `type` may come from a parent; `widgets` are where it is shown, often the field itself. */
export interface Field {
  name: string;
  type: 'Sig' | 'Tx' | 'Btn' | 'Ch' | undefined;
  dict: PdfDict;
  widgets: PdfDict[];
  value: PdfObject | undefined;
}

const partialName = (dict: PdfDict, resolve: OpenPdf['resolve']): string | undefined =>
  dict.getString('T', resolve)?.asString();

/** More levels of fields than any form has. */
const deepest = 50;

/** Every terminal field of the form, by its full name (ISO 32000-2 §12.7.4.2). */
export const listFields = ({ form, resolve }: OpenPdf): Field[] => {
  const found: Field[] = [];
  const seen = new Set<PdfDict>();
  const walk = (
    value: PdfObject | undefined,
    parent: string,
    inheritedType: string | undefined,
    depth = 0,
  ) => {
    const dict = asDict(value, resolve);
    if (!dict || seen.has(dict) || depth > deepest) return;
    seen.add(dict);
    const own = partialName(dict, resolve);
    const name = own === undefined ? parent : parent === '' ? own : `${parent}.${own}`;
    const type = dict.getName('FT', resolve)?.value ?? inheritedType;
    const kids = [...(dict.getArray('Kids', resolve) ?? [])].flatMap(kid => asDict(kid, resolve) ?? []);
    const fields = kids.filter(kid => kid.has('T'));
    for (const kid of fields) walk(kid, name, type, depth + 1);
    if (fields.length > 0) return;
    found.push({
      name,
      type: type as Field['type'],
      dict,
      widgets: kids.length > 0 ? kids : [dict],
      value: dict.get('V', resolve),
    });
  };
  for (const field of form?.getArray('Fields', resolve) ?? []) walk(field, '', undefined);
  return found;
};

/** @throws SignatureFault field-unknown */
export const findField = (opened: OpenPdf, name: string): Field => {
  const field = listFields(opened).find(other => other.name === name);
  if (!field) throw new SignatureFault('field-unknown', 'The file has no such field', name);
  return field;
};

/** The form, made when the file has none. */
export const ensureForm = (opened: OpenPdf): PdfDict => {
  if (opened.form) return opened.form;
  const form = PdfDict.of({ Fields: new PdfArray([]) });
  opened.catalog.set('AcroForm', opened.pdf.register(form));
  opened.form = form;
  return form;
};

/** An array of a dictionary: the one that is there (an indirect one stays indirect), or a new one. */
const ensureArray = (dict: PdfDict, key: string, resolve: OpenPdf['resolve']): PdfArray => {
  const there = dict.getArray(key, resolve);
  if (there) return there;
  const made = new PdfArray([]);
  dict.set(key, made);
  return made;
};

/** Says that the form holds signatures and may only be appended to (SigFlags, ISO 32000-2 §12.7.3, table 225). */
export const markSigned = (opened: OpenPdf): void => {
  const form = ensureForm(opened);
  if (form.getNumber('SigFlags', opened.resolve)?.value !== 3) form.set('SigFlags', PdfNumber.of(3));
};

/** Printed and locked (ISO 32000-2 §12.5.3). */
const flags = 132;

/**
 * A field of its own with its one widget in the same dictionary, listed in the form and on the page.
 * @throws SignatureFault field-taken
 */
export const addField = (
  opened: OpenPdf,
  page: PDFPage,
  field: { name: string; rectangle: readonly number[]; entries: Record<string, PdfObject> },
): PdfRef => {
  const { pdf, resolve } = opened;
  if (field.name.includes('.') || listFields(opened).some(({ name }) => name === field.name)) {
    throw new SignatureFault(
      'field-taken',
      'A field of this name is there, or the name has a dot',
      field.name,
    );
  }
  const dict = PdfDict.of({
    Type: PdfName.of('Annot'),
    Subtype: PdfName.of('Widget'),
    T: textString(field.name),
    F: PdfNumber.of(flags),
    P: page.ref,
    Rect: numbers(field.rectangle),
    ...field.entries,
  });
  const ref = pdf.register(dict);
  ensureArray(ensureForm(opened), 'Fields', resolve).push(ref);
  ensureArray(page.dict, 'Annots', resolve).push(ref);
  return ref;
};

/** The first name of this kind that no field has: `Signature1`, `Signature2`. */
export const freeName = (opened: OpenPdf, stem: string): string => {
  const taken = new Set(listFields(opened).map(({ name }) => name.split('.')[0]));
  let at = 1;
  while (taken.has(`${stem}${at}`)) at += 1;
  return `${stem}${at}`;
};

/** The page that shows a widget: its own word, else the page that lists it. */
export const pageOf = ({ pages, resolve, pdf }: OpenPdf, widget: PdfDict): PDFPage | undefined => {
  const own = widget.getRef('P');
  const ref = pdf.context.getRef(widget);
  return (
    pages.find(page => own && page.ref.objectNumber === own.objectNumber) ??
    pages.find(({ dict }) =>
      [...(dict.getArray('Annots', resolve) ?? [])].some(
        item => item instanceof PdfRef && item.objectNumber === ref?.objectNumber,
      ),
    )
  );
};

/** A string's text, or nothing. */
export const textOf = (value: PdfObject | undefined): string | undefined =>
  value instanceof PdfString ? value.asString() : undefined;
