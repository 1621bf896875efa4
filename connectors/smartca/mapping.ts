import { type Static, Type } from 'typebox';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { nullableText } from '#connectors/kit/nullable.ts';
import { certificateBase64, ecdsaInDer, oneForEach, plainBase64 } from '#connectors/kit/signature-value.ts';
import type { Authorisation, Credential, SignatureAnswer } from '#schemas/signer.ts';

export interface SmartcaSettings {
  baseUrl: string;
  spId: string;
  spPassword: string;
  testUser: string;
  statusBy: 'transaction_id' | 'tran_code';
  maxHashes: number;
  confirmSeconds: number;
}

const loose = Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()]));
/** A certificate as the service tells it; only what is read. */
export const SmartcaCertificate = Type.Object({
  serial_number: Type.String({ minLength: 1 }),
  cert_status: loose,
  cert_valid_to: nullableText,
  cert_data: Type.String({ minLength: 1 }),
  chain_data: Type.Optional(Type.Union([Type.Null(), Type.Object({ ca_cert: nullableText })])),
});
export const SmartcaSignature = Type.Object({
  doc_id: Type.String(),
  signature_value: nullableText,
});

/** The documents and public clients show several spellings; one that is not known is no key to sign with. */
const statusOf = (told: string | number | null | undefined, validTo: string | null | undefined) => {
  if (validTo && Date.parse(validTo) < Date.now()) return 'expired';
  const word = String(told ?? 'ACTIVE')
    .trim()
    .normalize('NFC')
    .toLowerCase();
  if (['1', 'active', 'valid', 'đang hoạt động'].includes(word)) return 'active';
  return /revok|thu hồi/.test(word) ? 'revoked' : /expire|hết hạn/.test(word) ? 'expired' : 'suspended';
};

/** A credential is known by the serial number of its certificate: that is what a signature is asked with. */
export const toCredential = (
  told: Static<typeof SmartcaCertificate>,
  settings: SmartcaSettings,
): Credential => {
  const issuer = told.chain_data?.ca_cert;
  return {
    id: told.serial_number,
    certificate: certificateBase64(told.cert_data),
    chain: issuer ? [certificateBase64(issuer)] : [],
    status: statusOf(told.cert_status, told.cert_valid_to),
    asks: ['app'],
    maxHashes: settings.maxHashes,
  };
};

/** `YYYYMMddHHmmSSZ`, as in the document's example. */
const timeStamp = (now: Date): string => `${now.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

/** `doc_id` says which of how many it is: answers are put into order by it. The holder sees it in the app. */
const docId = (index: number, count: number): string => `VB-${index + 1}-${count}`;
const docIdForm = /^VB-(\d{1,4})-(\d{1,4})$/;

export const toSignRequest = (request: Authorisation, now = new Date()) => ({
  user_id: request.userId,
  transaction_id: request.transactionId,
  transaction_desc: request.title,
  serial_number: request.credentialId,
  time_stamp: timeStamp(now),
  sign_files: request.hashes.map((hash, index) => ({
    doc_id: docId(index, request.hashes.length),
    file_type: 'pdf',
    sign_type: 'hash',
    data_to_be_signed: Buffer.from(hash, 'base64').toString('hex'),
  })),
});

/** Puts the signatures into the order of the hashes. Told twice alike is once; anything else is `unexpected-answer`. */
export const inOrder = (signatures: Static<typeof SmartcaSignature>[]): string[] => {
  const found = new Map<number, string>();
  let count = 0;
  for (const { doc_id: id, signature_value: value } of signatures) {
    const [, place, of] = docIdForm.exec(id) ?? [];
    if (place === undefined || !value)
      throw new ConnectorError('unexpected-answer', 'a signature of no document that was asked');
    const signature = ecdsaInDer(plainBase64(value));
    const before = found.get(Number(place));
    if (before !== undefined && before !== signature)
      throw new ConnectorError('unexpected-answer', 'two signatures of one document');
    found.set(Number(place), signature);
    count = Number(of);
  }
  const places = Array.from({ length: count }, (_, index) => found.get(index + 1));
  return oneForEach(
    places.filter(one => one !== undefined),
    count,
  );
};

/** What became of a transaction. A word that is not known is waited on: the hub's own time runs out in the end. */
export const toAnswer = (
  session: string,
  { word, signatures }: { word: string; signatures: Static<typeof SmartcaSignature>[] | undefined },
): SignatureAnswer => {
  if (signatures !== undefined && signatures.length > 0)
    return { state: 'signed', signatures: inOrder(signatures) };
  if (/expired/i.test(word)) return { state: 'expired', reason: 'the holder did not confirm in time' };
  if (/reject|refuse|cancel/i.test(word))
    return { state: 'refused', reason: 'the holder refused in the app' };
  return { state: 'waiting', session };
};
