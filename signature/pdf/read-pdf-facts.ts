import { type Field, listFields, pageOf } from '#signature/pdf/form-fields.ts';
import { asDict, type OpenPdf, openPdf } from '#signature/pdf/open-pdf.ts';
import { certification } from '#signature/pdf/rights.ts';
import { type Rectangle, readBox, seePage, toSeen } from '#signature/pdf/seen-page.ts';

export interface PageFacts {
  /** Points, as the page is seen. */
  width: number;
  height: number;
  /** How far viewers turn it, clockwise. */
  turned: 0 | 90 | 180 | 270;
}

export interface FieldFacts {
  name: string;
  kind: 'signature' | 'text' | 'other';
  /** It holds a value: a signature, a text. */
  filled: boolean;
  /** Where its first widget is; absent when it is nowhere to be seen. 1 is the first page. */
  page?: number;
  at?: Rectangle;
}

export interface SignatureFacts {
  field: string;
  kind: 'signature' | 'time-stamp';
  subFilter: string;
}

/** What must be known of a file before anything is planned with it. */
export interface PdfFacts {
  pages: PageFacts[];
  fields: FieldFacts[];
  signatures: SignatureFacts[];
  encrypted: boolean;
  /** DocMDP: 1 forbids every change, 2 allows fields and signatures, 3 annotations too. */
  certified?: 1 | 2 | 3;
  /** A form that no signature can cover. */
  xfa: boolean;
}

const kinds = { Sig: 'signature', Tx: 'text', Btn: 'other', Ch: 'other' } as const;

const describeField = (opened: OpenPdf, field: Field): FieldFacts => {
  const { name, type, value, widgets } = field;
  const facts: FieldFacts = { name, kind: type ? kinds[type] : 'other', filled: value !== undefined };
  const [widget] = widgets;
  const page = widget && pageOf(opened, widget);
  const box = readBox(widget?.get('Rect', opened.resolve), opened.resolve);
  if (!page || !box || box[0] === box[2] || box[1] === box[3]) return facts;
  return { ...facts, page: page.index + 1, at: toSeen(seePage(page.dict, opened.resolve), box) };
};

const describeSignature = ({ name, value }: Field, resolve: OpenPdf['resolve']): SignatureFacts => {
  const signature = asDict(value, resolve);
  return {
    field: name,
    kind: signature?.getName('Type', resolve)?.value === 'DocTimeStamp' ? 'time-stamp' : 'signature',
    subFilter: signature?.getName('SubFilter', resolve)?.value ?? '',
  };
};

/**
 * Reads what a file is, without judging its signatures.
 * @throws SignatureFault pdf-broken, pdf-encrypted (a password is needed to open it)
 */
export const readPdfFacts = async (bytes: Uint8Array): Promise<PdfFacts> => {
  const opened = await openPdf(bytes);
  const { pdf, pages, form, resolve } = opened;
  const fields = listFields(opened);
  const certified = certification(opened);
  return {
    pages: pages.map(({ dict }) => {
      const { width, height, turned } = seePage(dict, resolve);
      return { width, height, turned };
    }),
    fields: fields.map(field => describeField(opened, field)),
    signatures: fields
      .filter(({ type, value }) => type === 'Sig' && value !== undefined)
      .map(field => describeSignature(field, resolve)),
    encrypted: pdf.isEncrypted,
    ...(certified === undefined ? {} : { certified }),
    xfa: form?.has('XFA') ?? false,
  };
};
