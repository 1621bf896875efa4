import { createHash } from 'node:crypto';
import { PdfArray, PdfDict, PdfName, PdfStream } from '@libpdf/core';
import { saveIncrement } from '#signature/pdf/increment.ts';
import { type OpenPdf, openForChange } from '#signature/pdf/open-pdf.ts';

/** What proves a signature later: DER of certificates (chains of signers, time-stamps and responders), OCSP replies, CRLs. */
export interface Proofs {
  certificates: readonly Uint8Array[];
  ocsps: readonly Uint8Array[];
  crls: readonly Uint8Array[];
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

const appendTo = (store: PdfDict, key: string, proofs: readonly Uint8Array[], { pdf, resolve }: OpenPdf) => {
  const list = store.getArray(key, resolve);
  const there = new Set<string>();
  for (let at = 0; list && at < list.length; at += 1) {
    const stream = list.at(at, resolve);
    if (stream instanceof PdfStream) there.add(digestOf(stream.getDecodedData()));
  }
  const added = proofs.filter(proof => {
    const digest = digestOf(proof);
    return !there.has(digest) && there.add(digest);
  });
  if (added.length === 0) return;
  const refs = added.map(proof => pdf.register(new PdfStream([], new Uint8Array(proof))));
  if (list) list.push(...refs);
  else store.set(key, new PdfArray(refs));
};

/**
 * Adds proofs to the document security store (ETSI EN 319 142-1 §5.4.2): each once, and what is there stays. No VRI: the
 * standard advises against it. Allowed on every signed file, also one that is certified against changes.
 * @returns the increment; empty when everything is there already
 * @throws SignatureFault what opening a file may say (`openForChange`)
 */
export const addProofs = async (bytes: Uint8Array, proofs: Proofs): Promise<Buffer> => {
  const opened = await openForChange(bytes);
  const { pdf, catalog, resolve } = opened;
  const there = catalog.getDict('DSS', resolve);
  const store = there ?? PdfDict.of({ Type: PdfName.of('DSS') });
  const before = store.size;
  appendTo(store, 'Certs', proofs.certificates, opened);
  appendTo(store, 'OCSPs', proofs.ocsps, opened);
  appendTo(store, 'CRLs', proofs.crls, opened);
  if (!there && store.size > before) catalog.set('DSS', pdf.register(store));
  return saveIncrement(opened);
};
