import { PDF, type PDFPage, PdfArray, PdfDict, type PdfObject, PdfRef } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { readsStaleObjects } from '#signature/pdf/cross-reference.ts';

/** A file that may be added to: parsed, with its bytes as they came. */
export interface OpenPdf {
  bytes: Uint8Array;
  pdf: PDF;
  pages: PDFPage[];
  catalog: PdfDict;
  form: PdfDict | undefined;
  /** Follows references. Ask nothing else for objects: what an encrypted file holds would count as changed. */
  resolve: (ref: PdfRef) => PdfObject | null;
}

/**
 * Strict: in its lenient mode the library guesses what a damaged object was, which would then be written so, and loops for
 * ever over a stray bracket.
 */
const parse = async (bytes: Uint8Array): Promise<PDF> => {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).indexOf('%PDF-') === -1) {
    throw new SignatureFault('pdf-broken', 'The file is no PDF: its header is missing', 'header');
  }
  if (readsStaleObjects(bytes)) {
    throw new SignatureFault(
      'pdf-broken',
      'The cross-references of the file contradict each other',
      'XRefStm',
    );
  }
  try {
    return await PDF.load(bytes, { lenient: false });
  } catch (error) {
    const { message, name } = error as Error;
    if (/encrypt|security|password|crypt filter/i.test(`${name} ${message}`)) {
      throw new SignatureFault('pdf-encrypted', 'The encryption of the file cannot be read');
    }
    throw new SignatureFault('pdf-broken', `The file cannot be read: ${message}`);
  }
};

/** Takes an object as it stands in the file: the library marks all that it decrypts as changed, and would write it again. */
const unmark = (object: PdfObject | null): void => {
  if (object instanceof PdfArray) for (const item of object) unmark(item);
  if (object instanceof PdfDict) for (const [, value] of object) unmark(value);
  if (object instanceof PdfArray || object instanceof PdfDict) object.clearDirty();
};

const createResolver = (pdf: PDF): OpenPdf['resolve'] => {
  const { registry } = pdf.context;
  if (pdf.isEncrypted) for (const object of registry.getLoadedObjects().values()) unmark(object);
  return ref => {
    const known = registry.getObject(ref);
    if (known) return known;
    try {
      const object = pdf.getObject(ref);
      if (pdf.isEncrypted) unmark(object);
      return object;
    } catch (error) {
      throw new SignatureFault(
        'pdf-broken',
        `An object cannot be read: ${(error as Error).message}`,
        `${ref}`,
      );
    }
  };
};

/**
 * Opens a file for reading.
 * @throws SignatureFault pdf-broken, pdf-encrypted (a password is needed to open it)
 */
export const openPdf = async (bytes: Uint8Array): Promise<OpenPdf> => {
  const pdf = await parse(bytes);
  if (pdf.isEncrypted && !pdf.isAuthenticated) {
    throw new SignatureFault('pdf-encrypted', 'The file opens only with a password');
  }
  const resolve = createResolver(pdf);
  const pages = pdf.getPages();
  if (pages.length === 0) throw new SignatureFault('pdf-broken', 'The file has no pages', 'pages');
  const catalog = pdf.getCatalog();
  return { bytes, pdf, pages, catalog, form: catalog.getDict('AcroForm', resolve), resolve };
};

/** More numbers than a file leaves unused. */
const widestGap = 100_000;

/**
 * New objects get numbers that no object has had: the library counts from the highest that it sees in use, which a file may
 * have left behind (Size, ISO 32000-2 §7.5.5); often its own cross-reference stream has the next one.
 */
const skipUsedNumbers = ({ context }: PDF): void => {
  const { registry, info } = context;
  const size = info.trailer.getNumber('Size')?.value ?? 0;
  if (size - registry.nextObjectNumber > widestGap) {
    throw new SignatureFault('pdf-broken', 'The file says that it has many more objects than it has', 'Size');
  }
  while (registry.nextObjectNumber < size) registry.allocateRef();
};

/**
 * Opens a file that something will be added to, and refuses one that cannot bear it. A damaged file could only be written
 * anew: an earlier signature would be lost, and an unsigned one would no longer be the file that was sent.
 * @throws SignatureFault pdf-broken, pdf-encrypted, pdf-not-incremental, pdf-form-xfa
 */
export const openForChange = async (bytes: Uint8Array): Promise<OpenPdf> => {
  const opened = await openPdf(bytes);
  const { pdf, form } = opened;
  const blocker = pdf.canSaveIncrementally();
  if (blocker !== null) {
    throw new SignatureFault('pdf-not-incremental', `Nothing can be added to the file: ${blocker}`, blocker);
  }
  if (pdf.isEncrypted && !pdf.getPermissions().annotate) {
    throw new SignatureFault(
      'pdf-encrypted',
      'The protection of the file forbids to add signatures',
      'permissions',
    );
  }
  if (form?.has('XFA')) {
    throw new SignatureFault(
      'pdf-form-xfa',
      'The file holds an XFA form, which no signature can cover',
      'XFA',
    );
  }
  skipUsedNumbers(pdf);
  return opened;
};

/** The dictionary at a value, whether it stands there or is referred to. */
export const asDict = (
  value: PdfObject | undefined | null,
  resolve: OpenPdf['resolve'],
): PdfDict | undefined => {
  const found = value instanceof PdfRef ? resolve(value) : value;
  return found instanceof PdfDict ? found : undefined;
};
