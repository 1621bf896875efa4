import { PdfDict, type PdfRef } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { listFields } from '#signature/pdf/form-fields.ts';
import type { OpenPdf } from '#signature/pdf/open-pdf.ts';

/** Only the first signature of a file can certify it (ISO 32000-2 §12.8.2.2.1). @throws SignatureFault pdf-signed */
export const refuseIfSigned = (opened: OpenPdf): void => {
  const signed = listFields(opened).find(({ type, value }) => type === 'Sig' && value !== undefined);
  if (signed) throw new SignatureFault('pdf-signed', 'The file is signed already', signed.name);
};

/** Names the certifying signature in the catalog (ISO 32000-2 §12.8.6). */
export const markCertified = ({ catalog, resolve }: OpenPdf, signature: PdfRef): void => {
  const permissions = catalog.getDict('Perms', resolve) ?? new PdfDict();
  permissions.set('DocMDP', signature);
  catalog.set('Perms', permissions);
};
