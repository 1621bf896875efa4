import { SignatureFault } from '#signature/fault.ts';
import type { FoundSigner } from '#signature/verify/signers-in.ts';
import { ds, elementsOf, openXml } from '#signature/xml/open-xml.ts';

/** Whose certificate a signed document names first, with those beside it, for asking their authorities. */
export const signersInXml = (xml: Uint8Array): FoundSigner[] => {
  try {
    const [certificate, ...others] = elementsOf(openXml(xml).document, ds, 'X509Certificate').map(element =>
      Buffer.from(element.textContent ?? '', 'base64'),
    );
    return certificate === undefined ? [] : [{ certificate, others }];
  } catch (error) {
    if (error instanceof SignatureFault) return [];
    throw error;
  }
};
