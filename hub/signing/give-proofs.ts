import type { Database } from '#hub/platform/database.ts';
import { collectProofs } from '#hub/signing/collect-proofs.ts';
import { fromBase64 } from '#hub/signing/from-base64.ts';
import { readSettings } from '#hub/signing/settings-store.ts';
import { laterInOurWords } from '#hub/signing/to-signing-error.ts';
import type { Signatory, SignatureProofs } from '#schemas/document-signing.ts';

/** Each once: signer and time-stamp may have the same issuers. */
const show = (list: readonly Uint8Array[]): string[] => [
  ...new Set(list.map(bytes => Buffer.from(bytes).toString('base64'))),
];

/** `signing.proofs`. @throws AppError `revocation-unavailable` */
export const giveProofs = async (db: Database, signatory: Signatory): Promise<SignatureProofs> => {
  const settings = await readSettings(db);
  const { certificate, chain, timeStamps } = signatory;
  const asked = {
    certificate: fromBase64(certificate),
    chain: chain.map(fromBase64),
    timeStamps: timeStamps.map(fromBase64),
  };
  const { certificates, ocsps, crls } = await laterInOurWords(() => collectProofs([asked], settings));
  return { certificates: show(certificates), ocsps: show(ocsps), crls: show(crls) };
};
