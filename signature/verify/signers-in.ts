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

const signersOf = (value: Uint8Array): FoundSigner[] => {
  const cms = readCms(value);
  const stamps = ownTimeStamps(cms).flatMap(signersOf);
  return cms.signer === undefined
    ? stamps
    : [{ certificate: cms.signer.der, others: cms.certificates }, ...stamps];
};

/** Whose certificates a file's signatures and time-stamps name, for asking their authorities; what cannot be read has none. */
export const signersIn = (pdf: Uint8Array): FoundSigner[] => {
  try {
    const view = new View(new SourceFile(pdf), pdf.length);
    return findSignatures(view)
      .slice(0, maxSignatures)
      .flatMap(({ dict }) => {
        const contents = view.resolve(dict.get('Contents'));
        try {
          return contents instanceof Text ? signersOf(readDerAt(contents.bytes).raw) : [];
        } catch {
          return [];
        }
      });
  } catch (error) {
    if (error instanceof OddFile || error instanceof RangeError || error instanceof TypeError) return [];
    throw error;
  }
};
