import { PdfDict, PdfName } from '@libpdf/core';
import { addField, freeName, markSigned } from '#signature/pdf/form-fields.ts';
import { saveIncrement } from '#signature/pdf/increment.ts';
import { openForChange } from '#signature/pdf/open-pdf.ts';
import { emptyValue, measure, type PreparedSignature, usualRoom } from '#signature/pdf/placeholder.ts';
import { findPage } from '#signature/pdf/seen-page.ts';

/**
 * Adds a document time-stamp without its token (ETSI EN 319 142-1 §5.4.3): the digest is the imprint, the token goes in by
 * `completeSignature`. It keeps a file with proofs alive (B-LTA) and is allowed on a file that is certified against changes.
 * @throws SignatureFault what opening a file may say (`openForChange`)
 */
export const prepareDocumentTimeStamp = async (bytes: Uint8Array): Promise<PreparedSignature> => {
  const opened = await openForChange(bytes);
  const value = PdfDict.of({
    Type: PdfName.of('DocTimeStamp'),
    Filter: PdfName.of('Adobe.PPKLite'),
    SubFilter: PdfName.of('ETSI.RFC3161'),
    ...emptyValue(usualRoom),
  });
  addField(opened, findPage(opened, 1), {
    name: freeName(opened, 'TimeStamp'),
    rectangle: [0, 0, 0, 0],
    entries: { FT: PdfName.of('Sig'), V: opened.pdf.register(value) },
  });
  markSigned(opened);
  return measure(bytes, await saveIncrement(opened), usualRoom);
};
