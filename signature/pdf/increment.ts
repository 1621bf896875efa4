import { PDF, PdfArray, PdfDict, type PdfObject } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import type { OpenPdf } from '#signature/pdf/open-pdf.ts';
import { keepExact } from '#signature/pdf/values.ts';

const isChanged = (object: PdfObject): boolean =>
  object instanceof PdfArray
    ? object.dirty || [...object].some(isChanged)
    : object instanceof PdfDict && (object.dirty || [...object].some(([, value]) => isChanged(value)));

/** Saves an encrypted file under its own encryption dictionary: the library would write a copy of it each time. */
const save = async (pdf: PDF): Promise<Uint8Array> => {
  const { registry, info } = pdf.context;
  const encryption = info.trailer.getRef('Encrypt');
  if (pdf.isEncrypted && !encryption) {
    throw new SignatureFault('pdf-encrypted', 'The encryption of the file stands in its trailer', 'trailer');
  }
  if (encryption) registry.register = () => encryption;
  return pdf.save({ incremental: true });
};

/**
 * What was changed since the file was opened, as bytes to stand behind it (ISO 32000-2 §7.5.6). The file's own bytes are not
 * among them, so no caller can alter one; empty when nothing changed. The cross-reference is of the kind of the last one.
 * @throws SignatureFault pdf-not-incremental when the whole cannot be read again as it was meant
 */
export const saveIncrement = async ({ pdf, bytes }: OpenPdf): Promise<Buffer> => {
  if (!pdf.hasChanges()) return Buffer.alloc(0);
  for (const object of pdf.context.registry.getLoadedObjects().values()) {
    if ((object instanceof PdfDict || object instanceof PdfArray) && isChanged(object)) keepExact(object);
  }
  const pages = pdf.getPageCount();
  const whole = await save(pdf);
  const original = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (original.compare(whole, 0, original.length) !== 0) {
    throw new SignatureFault('pdf-not-incremental', 'The file would be written anew', 'prefix');
  }
  const again = await PDF.load(whole, { lenient: false });
  if (again.recoveredViaBruteForce || again.getPageCount() !== pages) {
    throw new SignatureFault(
      'pdf-not-incremental',
      'The file cannot be read after something is added',
      'xref',
    );
  }
  return Buffer.from(whole.subarray(original.length));
};
