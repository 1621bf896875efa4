import { PdfArray, PdfDict, PdfName, PdfNumber, type PdfObject, type PdfRef } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { drawAppearance, type Part, surround } from '#signature/pdf/appearance.ts';
import { markCertified, refuseIfSigned } from '#signature/pdf/certify.ts';
import { type FieldValue, writeValues } from '#signature/pdf/fill-fields.ts';
import { addField, findField, freeName, markSigned, pageOf } from '#signature/pdf/form-fields.ts';
import { saveIncrement } from '#signature/pdf/increment.ts';
import { type OpenPdf, openForChange } from '#signature/pdf/open-pdf.ts';
import { emptyValue, measure, type PreparedSignature, usualRoom } from '#signature/pdf/placeholder.ts';
import { certification, refuseIfLocked } from '#signature/pdf/rights.ts';
import { findPage, readBox, seePage, toFile, toSeen } from '#signature/pdf/seen-page.ts';
import { dateString, textString } from '#signature/pdf/values.ts';

export interface SignatureOptions {
  /** The time that the signer claims; it stands in the dictionary (M), never in the CMS. */
  signedAt: Date;
  /** An empty signature field of the file. Absent: a new one. */
  field?: string;
  /** For a new field: 1 is the first page, -1 the last; the first when absent. */
  page?: number;
  /** What is seen, as places on the page; none: an invisible signature. In a field of the file `at` may be left out. */
  parts?: readonly Part[];
  /** The signer's name, and why and where they sign, for viewers that show it. */
  name?: string;
  reason?: string;
  location?: string;
  /** Text fields that are filled in the same increment: number and date, when the clerk seals. */
  values?: readonly FieldValue[];
  /**
   * Fields that nobody may change after this signature: number and date, when the organisation signs. Fill them with
   * `values`: strict verifiers (pyHanko) take what was filled in an increment before this one for changed afterwards.
   */
  locks?: readonly string[];
  /**
   * Certifies the file (DocMDP, ISO 32000-2 §12.8.2.2): afterwards only its own fields are filled and its own signature fields
   * signed. The first signature of a file alone can.
   */
  certify?: boolean;
  contentsBytes?: number;
}

/** What a signature says of later changes (signature reference, ISO 32000-2 table 256). */
const reference = (method: string, catalog: PdfRef, parameters: Record<string, PdfObject>): PdfDict =>
  PdfDict.of({
    Type: PdfName.of('SigRef'),
    TransformMethod: PdfName.of(method),
    Data: catalog,
    TransformParams: PdfDict.of({
      Type: PdfName.of('TransformParams'),
      V: PdfName.of('1.2'),
      ...parameters,
    }),
  });

/** Locks fields (FieldMDP, ISO 32000-2 §12.8.2.4). */
const lockFields = (names: readonly string[], catalog: PdfRef): PdfDict =>
  reference('FieldMDP', catalog, {
    Action: PdfName.of('Include'),
    Fields: new PdfArray(names.map(textString)),
  });

const signatureValue = (opened: OpenPdf, options: SignatureOptions, room: number): PdfDict => {
  const { locks = [], certify = false } = options;
  for (const name of locks) findField(opened, name);
  const value = PdfDict.of({
    Type: PdfName.of('Sig'),
    Filter: PdfName.of('Adobe.PPKLite'),
    SubFilter: PdfName.of('ETSI.CAdES.detached'),
    ...emptyValue(room),
    M: dateString(options.signedAt),
  });
  for (const [key, text] of [
    ['Name', options.name],
    ['Reason', options.reason],
    ['Location', options.location],
  ] as const) {
    if (text) value.set(key, textString(text.normalize('NFC')));
  }
  const root = opened.pdf.context.info.trailer.getRef('Root');
  const references =
    root === undefined
      ? []
      : [
          ...(certify ? [reference('DocMDP', root, { P: PdfNumber.of(2) })] : []),
          ...(locks.length > 0 ? [lockFields(locks, root)] : []),
        ];
  if (references.length > 0) value.set('Reference', new PdfArray(references));
  return value;
};

/** An empty field gets its value and appearance; its rectangle, name and place stay as they are. */
const useField = async (opened: OpenPdf, name: string, value: PdfRef, parts: readonly Part[]) => {
  const field = findField(opened, name);
  if (field.type !== 'Sig')
    throw new SignatureFault('field-unknown', 'The field is no signature field', name);
  if (field.value !== undefined) throw new SignatureFault('field-taken', 'The field is signed already', name);
  if (field.dict.has('Lock')) {
    throw new SignatureFault('pdf-certified', 'The field would lock others with its signature', name);
  }
  field.dict.set('V', value);
  const [widget] = field.widgets;
  const page = widget && pageOf(opened, widget);
  const box = readBox(widget?.get('Rect', opened.resolve), opened.resolve);
  if (!page || !box || box[0] === box[2] || box[1] === box[3] || parts.length === 0) return;
  const seen = seePage(page.dict, opened.resolve);
  const shown = await drawAppearance(opened, seen, toSeen(seen, box), parts);
  widget.set('AP', PdfDict.of({ N: shown }));
};

const makeField = async (opened: OpenPdf, value: PdfRef, options: SignatureOptions) => {
  const page = findPage(opened, options.page ?? 1);
  const name = freeName(opened, 'Signature');
  refuseIfLocked(opened, name);
  if (certification(opened) !== undefined) {
    throw new SignatureFault(
      'pdf-certified',
      'The file is certified: it is signed in its own empty fields',
      name,
    );
  }
  const entries: Record<string, PdfObject> = { FT: PdfName.of('Sig'), V: value };
  const { parts = [] } = options;
  if (parts.length === 0) {
    addField(opened, page, { name, rectangle: [0, 0, 0, 0], entries });
    return;
  }
  const places = parts.flatMap(({ at }) => at ?? []);
  if (places.length === 0) throw new TypeError('A new visible signature needs a place');
  const [whole, seen] = [surround(places), seePage(page.dict, opened.resolve)];
  entries.AP = PdfDict.of({ N: await drawAppearance(opened, seen, whole, parts) });
  addField(opened, page, { name, rectangle: toFile(seen, whole), entries });
};

/**
 * Adds a signature without its value (PAdES, ETSI EN 319 142-1): the hash can go to whoever holds the key, seconds or days
 * later `completeSignature` puts the CMS in.
 * @throws SignatureFault pdf-certified, pdf-signed (it is to be certified), page-unknown, field-unknown, field-taken, image-unreadable, text-not-in-font,
 *   text-too-long, and what opening a file may say (`openForChange`)
 */
export const prepareSignature = async (
  bytes: Uint8Array,
  options: SignatureOptions,
): Promise<PreparedSignature> => {
  const opened = await openForChange(bytes);
  const { field, parts = [], contentsBytes = usualRoom } = options;
  if (field !== undefined) refuseIfLocked(opened, field);
  if (options.certify) refuseIfSigned(opened);
  await writeValues(opened, options.values ?? []);
  const value = opened.pdf.register(signatureValue(opened, options, contentsBytes));
  if (field !== undefined) await useField(opened, field, value, parts);
  else await makeField(opened, value, options);
  if (options.certify) markCertified(opened, value);
  markSigned(opened);
  return measure(bytes, await saveIncrement(opened), contentsBytes);
};
