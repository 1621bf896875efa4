import { oids } from '#signature/asn1/oids.ts';
import { Fields, partsOf } from '#signature/asn1/read-der.ts';
import type { Cms } from '#signature/cms/read-cms.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { unpackStream } from '#signature/verify/file/unpack-stream.ts';
import { Stream } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';

/** Certificates, OCSP responses and CRLs in DER. Each is signed by who made it, so where it stands proves nothing. */
export interface Proofs {
  certificates: Buffer[];
  ocsps: Buffer[];
  crls: Buffer[];
}

/** More than any file needs: a hostile one must not make us check signatures for minutes. */
const maxEach = 300;

const read = (view: View, list: string): Buffer[] => {
  const catalog = view.dict(view.trailer.get('Root'));
  const store = view.dict(catalog?.get('DSS'));
  const items = view.array(store?.get(list)) ?? [];
  return items.slice(0, maxEach).flatMap(item => {
    try {
      const stream = view.resolve(item);
      return stream instanceof Stream ? [unpackStream(stream.dict, view.dataOf(stream))] : [];
    } catch (error) {
      if (error instanceof OddFile) return [];
      throw error;
    }
  });
};

/** The document's store of proofs (DSS, EN 319 142-1 §5.4.2); what cannot be read is left out, and so proves nothing. */
export const readStore = (view: View): Proofs => ({
  certificates: read(view, 'Certs'),
  ocsps: read(view, 'OCSPs'),
  crls: read(view, 'CRLs'),
});

/** Adobe's RevocationInfoArchival (ISO 32000-2 §12.8.3.3.2). */
const archival = '1.2.840.113583.1.1.8';

/** The proofs that a signature carries itself. */
export const readOwnProofs = (cms: Cms): Proofs => {
  const proofs: Proofs = { certificates: cms.certificates, ocsps: [], crls: [...cms.crls] };
  const value = (cms.signed.get(archival) ?? cms.unsigned.get(archival))?.[0];
  if (!value) return proofs;
  const fields = new Fields(value);
  for (const [tag, kind] of [
    [0xa0, proofs.crls],
    [0xa1, proofs.ocsps],
  ] as const) {
    const list = fields.optional(tag);
    if (list)
      kind.push(...[...partsOf(new Fields(list, tag).next())].slice(0, maxEach).map(({ raw }) => raw));
  }
  return proofs;
};

export const joinProofs = (...all: Proofs[]): Proofs => ({
  certificates: all.flatMap(({ certificates }) => certificates),
  ocsps: all.flatMap(({ ocsps }) => ocsps),
  crls: all.flatMap(({ crls }) => crls),
});

/** The tokens of a signature's own time-stamps (RFC 3161 appendix A). */
export const ownTimeStamps = (cms: Cms): Buffer[] =>
  (cms.unsigned.get(oids.signatureTimeStamp) ?? []).slice(0, 10).map(({ raw }) => raw);
