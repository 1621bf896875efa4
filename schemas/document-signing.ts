import { type Static, Type } from 'typebox';

const Bytes = Type.String({ description: 'base64' });

/** A certificate and its issuers, and the time-stamp of a signature that was made with it: what proofs are needed for. */
export const Signatory = Type.Object({
  certificate: Bytes,
  chain: Type.Array(Bytes),
  timeStamps: Type.Array(Bytes),
});
export type Signatory = Static<typeof Signatory>;

/** What shows later that certificates were good at the time of signing. */
export const SignatureProofs = Type.Object({
  certificates: Type.Array(Bytes),
  ocsps: Type.Array(Bytes),
  crls: Type.Array(Bytes),
});
export type SignatureProofs = Static<typeof SignatureProofs>;

/** A file that waits for its signature: `hash` goes to the key, the rest comes back with what the key made of it. */
export const PreparedDocument = Type.Object({
  increment: Bytes,
  contentsAt: Type.Integer(),
  contentsBytes: Type.Integer(),
  attributes: Bytes,
  hash: Bytes,
});
export type PreparedDocument = Static<typeof PreparedDocument>;
