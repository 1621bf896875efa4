import { readDerAt } from '#signature/asn1/read-der.ts';
import { readCms } from '#signature/cms/read-cms.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { SourceFile } from '#signature/verify/file/source-file.ts';
import { Text } from '#signature/verify/file/values.ts';
import { View } from '#signature/verify/file/view.ts';
import { findSignatures, maxSignatures } from '#signature/verify/find-signatures.ts';
import { ownTimeStamps } from '#signature/verify/read-proofs.ts';

/** A certificate that signed, with those that came beside it. */
export interface FoundSigner {
  certificate: Buffer;
  others: Buffer[];
}

const readSigners = (value: Uint8Array): FoundSigner[] => {
  const cms = readCms(value);
  const stamps = ownTimeStamps(cms).flatMap(readSigners);
  return cms.signer === undefined
    ? stamps
    : [{ certificate: cms.signer.der, others: cms.certificates }, ...stamps];
};

/** Without the padding behind it. */
const trimmed = (bytes: Buffer): Buffer => {
  try {
    return readDerAt(bytes).raw;
  } catch {
    return bytes;
  }
};

/** Those of one signature (CMS) and its time-stamps; what cannot be read has none. */
export const signersOf = (value: Uint8Array): FoundSigner[] => {
  try {
    return readSigners(value);
  } catch {
    return [];
  }
};

/** Whose certificates a file's signatures and time-stamps name, for asking their authorities; what cannot be read has none. */
export const signersIn = (pdf: Uint8Array): FoundSigner[] => {
  try {
    const view = new View(new SourceFile(pdf), pdf.length);
    return findSignatures(view)
      .slice(0, maxSignatures)
      .flatMap(({ dict }) => {
        const contents = view.resolve(dict.get('Contents'));
        return contents instanceof Text ? signersOf(trimmed(contents.bytes)) : [];
      });
  } catch (error) {
    if (error instanceof OddFile || error instanceof RangeError || error instanceof TypeError) return [];
    throw error;
  }
};
