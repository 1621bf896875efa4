import { SignatureFault } from '#signature/fault.ts';
import { type FoundSigner, signersOf } from '#signature/verify/signers-in.ts';
import { ds, elementsOf, openXml, xades } from '#signature/xml/open-xml.ts';

/** Whose certificate a signed document names first, with those beside it, and who stamped it, for asking their authorities. */
export const signersInXml = (xml: Uint8Array): FoundSigner[] => {
  try {
    const { document } = openXml(xml);
    const all = (namespace: string, name: string) =>
      elementsOf(document, namespace, name).map(element => Buffer.from(element.textContent ?? '', 'base64'));
    const [certificate, ...others] = all(ds, 'X509Certificate');
    if (certificate === undefined) return [];
    return [{ certificate, others }, ...all(xades, 'EncapsulatedTimeStamp').slice(0, 10).flatMap(signersOf)];
  } catch (error) {
    if (error instanceof SignatureFault) return [];
    throw error;
  }
};
