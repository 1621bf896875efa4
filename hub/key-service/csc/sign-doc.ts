import type { Static } from 'typebox';
import { demandSignAlgorithm } from '#hub/key-service/csc/algorithms.ts';
import type { SignDocBody } from '#hub/key-service/csc/csc-bodies.ts';
import { cannotSign, demandSigned } from '#hub/key-service/csc/demand-signed.ts';
import { prepareSignature } from '#hub/key-service/csc/prepare-signature.ts';
import { readSignDoc } from '#hub/key-service/csc/read-sign-doc.ts';
import { demandKey } from '#hub/key-service/csc/whose-key.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { findLeaveFor, signHashes } from '#hub/key-service/sign-hashes.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

type Body = Static<typeof SignDocBody>;

/** `signatures/signDoc` of the API. */
export interface SignDocAnswer {
  /** Signed documents: the signature is in them, or they are in it (CAdES, attached). */
  DocumentWithSignature?: string[];
  /** Signatures alone: of documents asked for as detached, then of digests. */
  SignatureObject?: string[];
  validationInfo?: { ocsp: string[]; crl: string[]; certificates: string[] };
}

/** Collecting them asks several authorities. */
const proofsMs = 60_000;

/**
 * `signatures/signDoc` (2.0 §11.11): AdES signatures over whole documents, or over their digests. The SAD is bound to the SHA-256 of
 * each document as it is sent, or to each digest (SCAL 2), in their order. What may fail in a document fails before the key is used.
 *
 * @throws CscError, AppError
 */
export const signDoc = async (
  context: Pick<PartContext, 'db' | 'call'> & { readonly token: TokenClient },
  caller: Caller,
  body: Body,
): Promise<SignDocAnswer> => {
  const { call, db } = context;
  const { timeStamps } = await call('signing.offers', {});
  const all = readSignDoc(body, timeStamps);
  const { row, approver } = await demandKey(context, caller, body.credentialID);
  for (const { signAlgo } of all) demandSignAlgorithm(row.algorithm, signAlgo);
  const hashes = all.map(({ digest }) => digest.toString('base64'));
  const leave = { credentialId: row.id, sad: body.SAD, hashes, approver };
  const found = await findLeaveFor(db, leave);
  // Before anything is done for a SAD that is worth nothing.
  if (found === undefined) throw cannotSign({ state: 'expired', reason: 'not-authorised' });
  if (found.signatures !== null) throw cannotSign({ state: 'expired', reason: 'spent' });
  if (found.expired) throw cannotSign({ state: 'expired', reason: 'expired' });
  const at = new Date();
  const waiting = await Promise.all(all.map(one => prepareSignature(call, one, row, at)));
  const signs = waiting.map(({ hash }) => hash.toString('base64'));
  const signatures = demandSigned(await signHashes(context, { ...leave, signs }));
  const made = await Promise.all(
    waiting.map(async ({ imprintOf }, place) => {
      const signature = Buffer.from(signatures[place]!, 'base64');
      if (all[place]!.level === 'B-B') return { signature };
      const hash = imprintOf(signature).toString('base64');
      return { signature, timeStamp: (await call('signing.time-stamp', { hash })).token };
    }),
  );
  const asksForProofs = body.returnValidationInfo ?? false;
  const proofs =
    asksForProofs || all.some(({ level }) => level === 'B-LT' || level === 'B-LTA')
      ? await call(
          'signing.proofs',
          {
            certificate: row.certificate.toString('base64'),
            chain: row.chain.map(der => der.toString('base64')),
            timeStamps: made.flatMap(one => one.timeStamp ?? []),
          },
          { timeoutMs: proofsMs },
        )
      : undefined;
  const completed = await Promise.all(
    waiting.map((one, place) =>
      one.complete({ ...made[place]!, ...(proofs === undefined ? {} : { proofs }) }),
    ),
  );
  const isAlone = (place: number): boolean =>
    all[place]!.document === undefined || all[place]!.envelope === 'Detached';
  const whole = completed.filter((_, place) => !isAlone(place));
  const alone = completed.filter((_, place) => isAlone(place));
  return {
    ...(whole.length === 0 ? {} : { DocumentWithSignature: whole }),
    ...(alone.length === 0 ? {} : { SignatureObject: alone }),
    ...(asksForProofs && proofs !== undefined
      ? { validationInfo: { ocsp: proofs.ocsps, crl: proofs.crls, certificates: proofs.certificates } }
      : {}),
  };
};
