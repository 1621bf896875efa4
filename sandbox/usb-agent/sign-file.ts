import { type KeyObject, sign } from 'node:crypto';
import { PDF } from '@libpdf/core';

/** What lies on a token; certificates in DER. */
export interface Token {
  key: KeyObject;
  certificate: Buffer;
  chain: Buffer[];
}

/** A PDF with a signature of this token after it, in a field of its own. `stamp`: text that is written on the first page too. */
export const signFile = async (
  file: Uint8Array,
  { key, certificate, chain }: Token,
  { stamp }: { stamp?: string } = {},
): Promise<Uint8Array> => {
  const pdf = await PDF.load(file);
  if (stamp !== undefined) pdf.getPage(0)?.drawText(stamp, { x: 60, y: 700, size: 12 });
  const { bytes } = await pdf.sign({
    level: 'B-B',
    signer: {
      certificate,
      certificateChain: chain,
      keyType: 'RSA',
      signatureAlgorithm: 'RSASSA-PKCS1-v1_5',
      sign: async data => sign('sha256', data, key),
    },
  });
  return bytes;
};
